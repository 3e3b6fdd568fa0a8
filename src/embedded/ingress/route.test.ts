import { expect, it } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { matchRoute, rewritten, routesOf } from './route.ts'

function ingress(name: string, spec: object, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'a', uid: name, resourceVersion: '1', annotations },
    spec,
  } as KubeObject
}
const to = (name: string) => ({ service: { name, port: { number: 80 } } })
const rule = (host: string | undefined, paths: [string, string, string][]) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: paths.map(([path, pathType, name]) => ({ path, pathType, backend: to(name) })) },
})

const routes = routesOf([
  ingress('one', {
    defaultBackend: to('default'),
    rules: [
      rule('app.test', [
        ['/', 'Prefix', 'page'],
        ['/api', 'Prefix', 'api'],
        ['/api', 'Exact', 'api-root'],
      ]),
      rule('*.wild.test', [['/', 'ImplementationSpecific', 'wild']]),
    ],
  }),
])

it.each([
  ['app.test', '/', 'page'],
  ['APP.test', '/other', 'page'],
  ['app.test', '/api', 'api-root'],
  ['app.test', '/api/x', 'api'],
  ['app.test', '/apix', 'page'],
  ['a.wild.test', '/', 'wild'],
  ['a.b.wild.test', '/', 'default'],
  ['wild.test', '/', 'default'],
  ['elsewhere', '/x', 'default'],
])('%s%s is answered by %s', (host, path, service) => {
  expect(matchRoute(routes, host, path)?.backend).toEqual({ namespace: 'a', service, port: 80 })
})

it('has no answer without rules', () => {
  expect(matchRoute([], 'app.test', '/')).toBeUndefined()
})

it('sends HTTP to HTTPS where there is TLS, unless told not to', () => {
  const spec = { tls: [{ hosts: ['app.test'] }], rules: [rule('app.test', [['/', 'Prefix', 'page']])] }
  expect(routesOf([ingress('a', spec)])[0]?.redirect).toBe(true)
  const off = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' }
  expect(routesOf([ingress('a', spec, off)])[0]?.redirect).toBe(false)
})

it('takes paths for expressions and rewrites them, as ingress-nginx does', () => {
  const routes = routesOf([
    ingress(
      'a',
      {
        rules: [
          rule('app.test', [
            ['/api(/|$)(.*)', 'ImplementationSpecific', 'api'],
            ['/()(.*)', 'ImplementationSpecific', 'page'],
          ]),
        ],
      },
      { 'nginx.ingress.kubernetes.io/rewrite-target': '/$2' },
    ),
  ])
  const ask = (url: string) => {
    const route = matchRoute(routes, 'app.test', url.split('?')[0]!)!
    return [route.backend.service, rewritten(route, url)]
  }
  expect(ask('/api/questions/generate?a=1')).toEqual(['api', '/questions/generate?a=1'])
  expect(ask('/API')).toEqual(['api', '/'])
  expect(ask('/apix')).toEqual(['page', '/apix'])
  expect(ask('/style.css')).toEqual(['page', '/style.css'])
})
