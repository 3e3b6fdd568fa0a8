/** Which backend answers a request, by the rules of networking.k8s.io/v1 Ingress. Pure. */
import type { KubeObject } from '../objects.ts'

export interface Backend {
  namespace: string
  service: string
  /** Number or name of the Service's port. */
  port: number | string
}

export interface Route {
  /** Exact name, `*.name` for one label in front, empty for any host. */
  host: string
  path: string
  /** Exact counts before Prefix for the same path. ImplementationSpecific is taken as Prefix, as ingress-nginx does. */
  exact: boolean
  /** Set where ingress-nginx takes paths for regular expressions. */
  pattern?: RegExp
  /** What the path becomes, `$1` and on being the pattern's groups. */
  rewrite?: string
  backend: Backend
  /** Plain HTTP is sent to HTTPS: where TLS is set and `ssl-redirect` is not "false" (ingress-nginx's default). */
  redirect: boolean
}

interface IngressBackend {
  service?: { name: string; port?: { number?: number; name?: string } }
}

interface Rule {
  host?: string
  http?: { paths: { path?: string; pathType?: string; backend?: IngressBackend }[] }
}

/** All routes, the one that counts first where several match (longest path, then Exact, then oldest Ingress). */
export function routesOf(ingresses: KubeObject[]): Route[] {
  const oldest = ingresses.toSorted((a, b) =>
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  )
  return oldest
    .flatMap(routesOfOne)
    .toSorted(
      (a, b) =>
        weight(b.host) - weight(a.host) || b.path.length - a.path.length || Number(b.exact) - Number(a.exact),
    )
}

/** The route of a request; `host` without a port. */
export function matchRoute(routes: Route[], host: string, path: string): Route | undefined {
  const name = host.toLowerCase()
  // A host that has rules of its own is not served by those for any host, unless none of its own match.
  return routes.find((route) => matchesHost(route.host, name) && matchesPath(route, path))
}

function routesOfOne(ingress: KubeObject): Route[] {
  const namespace = ingress.metadata.namespace ?? ''
  const { rules = [], tls = [], defaultBackend } = ingress.spec ?? {}
  const forced = ingress.metadata.annotations?.['nginx.ingress.kubernetes.io/ssl-redirect'] !== 'false'
  // ingress-nginx: either annotation makes every path of the Ingress a case-insensitive expression from the start.
  const rewrite = ingress.metadata.annotations?.['nginx.ingress.kubernetes.io/rewrite-target']
  const regex =
    rewrite !== undefined ||
    ingress.metadata.annotations?.['nginx.ingress.kubernetes.io/use-regex'] === 'true'
  const secured = new Set((tls as { hosts?: string[] }[]).flatMap(({ hosts = [] }) => hosts))
  const route = (host: string, path: string, exact: boolean, given?: IngressBackend): Route[] => {
    const backend = backendOf(namespace, given)
    if (!backend) return []
    const pattern = regex && !exact ? compiled(path) : undefined
    const more = { ...(pattern ? { pattern } : {}), ...(rewrite === undefined ? {} : { rewrite }) }
    return [{ host, path, exact, ...more, backend, redirect: forced && secured.has(host) }]
  }
  const ruled = (rules as Rule[]).flatMap(({ host = '', http }) =>
    (http?.paths ?? []).flatMap(({ path = '/', pathType, backend }) =>
      route(host.toLowerCase(), path, pathType === 'Exact', backend),
    ),
  )
  return [...ruled, ...route('', '/', false, defaultBackend)]
}

/** Undefined for what is no expression: such a path is taken as it is. */
function compiled(path: string): RegExp | undefined {
  try {
    return new RegExp(`^${path}`, 'i')
  } catch {
    return undefined
  }
}

/** The path that the backend is asked for, query included. */
export function rewritten({ pattern, rewrite }: Route, url: string): string {
  if (!pattern || rewrite === undefined) return url
  const [path = '/', query] = url.split(/\?(.*)/s)
  const match = pattern.exec(path)
  const next = rewrite.replaceAll(/\$(\d)/g, (_, group: string) => match?.[Number(group)] ?? '')
  return query === undefined ? next : `${next}?${query}`
}

function backendOf(namespace: string, backend: IngressBackend | undefined): Backend | undefined {
  const { name, port } = backend?.service ?? {}
  const wanted = port?.name ?? port?.number
  return name && wanted !== undefined ? { namespace, service: name, port: wanted } : undefined
}

function matchesHost(pattern: string, name: string): boolean {
  if (pattern === '' || pattern === name) return true
  if (!pattern.startsWith('*.')) return false
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === pattern.slice(1)
}

/** Prefix is by whole elements: /foo matches /foo and /foo/bar, not /foobar. */
function matchesPath({ path, exact, pattern }: Route, given: string): boolean {
  if (pattern) return pattern.test(given)
  if (exact) return given === path
  const prefix = path.endsWith('/') ? path.slice(0, -1) : path
  return given === prefix || given.startsWith(`${prefix}/`)
}

function weight(host: string): number {
  return host === '' ? 0 : host.startsWith('*.') ? 1 : 2
}
