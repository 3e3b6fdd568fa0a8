import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configMap, deployment, pod } from '../testing/fake-api.ts'
import { type TestServer, testServer } from '../testing/http-client.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

describe('who may', () => {
  it('lets anonymous clients see health and version only', async () => {
    const anonymous = { certificate: false }
    expect((await server.call('GET', '/readyz', anonymous)).text).toBe('ok')
    expect((await server.call('GET', '/version', anonymous)).json.gitVersion).toMatch(/^v1\.35\./)
    const refused = await server.call('GET', CONFIG_MAPS, anonymous)
    expect(refused.code).toBe(403)
    expect(refused.json).toMatchObject({ kind: 'Status', reason: 'Forbidden' })
  })

  it('takes the administrator token and refuses others', async () => {
    const withToken = (token: string) =>
      server.call('GET', CONFIG_MAPS, { certificate: false, headers: { authorization: `Bearer ${token}` } })
    expect((await withToken(server.certificates.adminToken)).code).toBe(200)
    expect((await withToken('wrong')).json).toMatchObject({ code: 401, reason: 'Unauthorized' })
    expect((await withToken('a.b.c')).code).toBe(401)
  })
})

describe('discovery', () => {
  const ACCEPT =
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

  it('is aggregated for those who ask, with an ETag', async () => {
    const first = await server.call('GET', '/apis', { headers: { accept: ACCEPT } })
    expect(first.headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    )
    const deployments = first.json.items
      .find((each: any) => each.metadata.name === 'apps')
      .versions[0].resources.find((each: any) => each.resource === 'deployments')
    expect(deployments.subresources.map((each: any) => each.subresource)).toEqual(['status', 'scale'])
    const again = await server.call('GET', '/apis', {
      headers: { accept: ACCEPT, 'if-none-match': first.headers.etag! },
    })
    expect(again.code).toBe(304)
  })

  it('is plain for the others', async () => {
    expect((await server.call('GET', '/api')).json.versions).toEqual(['v1'])
    const old = {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
    }
    expect((await server.call('GET', '/apis', { headers: old })).json.kind).toBe('APIGroupList')
    const list = await server.call('GET', '/apis/apps/v1')
    expect(list.json.resources).toContainEqual(
      expect.objectContaining({
        name: 'deployments/scale',
        kind: 'Scale',
        group: 'autoscaling',
        version: 'v1',
      }),
    )
  })

  it('answers 404 as text for what is not served', async () => {
    const missing = await server.call('GET', '/apis/nothing/v1/things')
    expect(missing).toMatchObject({ code: 404, text: '404 page not found\n' })
  })
})

describe('objects', () => {
  it('are created, read, changed and deleted', async () => {
    const made = await server.call('POST', CONFIG_MAPS, { body: configMap('crud', { a: '1' }) })
    expect(made.code).toBe(201)
    expect((await server.call('GET', `${CONFIG_MAPS}/crud`)).json.data).toEqual({ a: '1' })
    const put = { ...made.json, data: { a: '2' } }
    expect((await server.call('PUT', `${CONFIG_MAPS}/crud`, { body: put })).json.data).toEqual({ a: '2' })
    expect((await server.call('PUT', `${CONFIG_MAPS}/crud`, { body: put })).json).toMatchObject({
      code: 409,
      reason: 'Conflict',
    })
    const gone = await server.call('DELETE', `${CONFIG_MAPS}/crud`)
    expect(gone.json).toMatchObject({
      status: 'Success',
      details: { name: 'crud', kind: 'configmaps', uid: made.json.metadata.uid },
    })
    expect((await server.call('GET', `${CONFIG_MAPS}/crud`)).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "crud" not found',
      reason: 'NotFound',
      details: { name: 'crud', kind: 'configmaps' },
      code: 404,
    })
  })

  it('come and go as YAML', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n'
    const made = await server.call('POST', CONFIG_MAPS, {
      body,
      type: 'application/yaml',
      headers: { accept: 'application/yaml' },
    })
    expect(made.code).toBe(201)
    expect(made.text).toContain('name: yaml\n')
  })

  it('are patched in every way', async () => {
    await server.call('POST', DEPLOYMENTS, { body: deployment('patched') })
    const patch = (body: unknown, type: string, query = '') =>
      server.call('PATCH', `${DEPLOYMENTS}/patched${query}`, { body, type })
    const merged = await patch({ spec: { replicas: 2 } }, 'application/merge-patch+json')
    expect(merged.json.spec.replicas).toBe(2)
    const json = [{ op: 'replace', path: '/spec/replicas', value: 3 }]
    expect((await patch(json, 'application/json-patch+json')).json.spec.replicas).toBe(3)
    const strategic = { spec: { template: { spec: { containers: [{ name: 'side' }] } } } }
    const containers = (await patch(strategic, 'application/strategic-merge-patch+json')).json.spec.template
      .spec.containers
    expect(containers.map((each: any) => each.name)).toEqual(['side', 'app'])
    const applied = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'patched' },
      spec: { replicas: 4 },
    }
    const type = 'application/apply-patch+yaml'
    expect((await patch(applied, type)).json.code).toBe(422)
    expect((await patch(applied, type, '?fieldManager=me')).json.code).toBe(409)
    expect((await patch(applied, type, '?fieldManager=me&force=true')).json.spec.replicas).toBe(4)
    expect((await patch({}, 'text/plain')).json).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' })
    const stale = { metadata: { resourceVersion: '1' } }
    expect((await patch(stale, 'application/merge-patch+json')).json.code).toBe(409)
  })

  it('are checked for unknown and duplicate fields', async () => {
    const body = { ...deployment('strict'), spec: { bogus: 1 } }
    const strict = await server.call('POST', `${DEPLOYMENTS}?fieldValidation=Strict`, { body })
    expect(strict.json).toMatchObject({
      code: 400,
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.bogus"',
    })
    const warned = await server.call('POST', `${DEPLOYMENTS}?dryRun=All`, { body })
    expect(warned.headers.warning).toBe('299 - "unknown field \\"spec.bogus\\""')
    const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"},"data":{"a":"1","a":"2"}}'
    expect(
      (await server.call('POST', `${CONFIG_MAPS}?fieldValidation=Strict`, { body: twice })).json.message,
    ).toContain('duplicate field "data.a"')
  })

  it('are shown as tables and as metadata', async () => {
    await server.call('POST', CONFIG_MAPS, { body: configMap('shapes') })
    const accept = (as: string) => ({
      headers: { accept: `application/json;as=${as};v=v1;g=meta.k8s.io,application/json` },
    })
    const table = await server.call(
      'GET',
      `${CONFIG_MAPS}?fieldSelector=metadata.name%3Dshapes`,
      accept('Table'),
    )
    expect(table.json).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }],
      rows: [{ cells: ['shapes'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'shapes' } } }],
    })
    const partial = await server.call('GET', `${CONFIG_MAPS}/shapes`, accept('PartialObjectMetadata'))
    expect(Object.keys(partial.json).sort()).toEqual(['apiVersion', 'kind', 'metadata'])
    const unacceptable = await server.call('GET', CONFIG_MAPS, { headers: { accept: 'text/html' } })
    expect(unacceptable.code).toBe(406)
  })

  it('are listed in pages of one moment', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      await server.call('POST', CONFIG_MAPS, {
        body: { ...configMap(name), metadata: { name, labels: { page: 'y' } } },
      })
    const first = (await server.call('GET', `${CONFIG_MAPS}?limit=2&labelSelector=page%3Dy`)).json
    expect(first.items.map((each: any) => each.metadata.name)).toEqual(['p1', 'p2'])
    expect(first.metadata.remainingItemCount).toBeUndefined()
    await server.call('DELETE', `${CONFIG_MAPS}/p3`)
    const second = (
      await server.call(
        'GET',
        `${CONFIG_MAPS}?limit=2&labelSelector=page%3Dy&continue=${first.metadata.continue}`,
      )
    ).json
    expect(second.items.map((each: any) => each.metadata.name)).toEqual(['p3'])
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion })
    expect((await server.call('GET', `${CONFIG_MAPS}?continue=nonsense`)).json.code).toBe(400)
  })

  it('are deleted by the collection', async () => {
    const body = { ...configMap('many'), metadata: { name: 'many', labels: { sweep: 'y' } } }
    await server.call('POST', CONFIG_MAPS, { body })
    const deleted = await server.call('DELETE', `${CONFIG_MAPS}?labelSelector=sweep%3Dy`)
    expect(deleted.json.items).toHaveLength(1)
    expect((await server.call('GET', `${CONFIG_MAPS}/many`)).code).toBe(404)
  })

  it('have /scale and /status', async () => {
    await server.call('POST', DEPLOYMENTS, { body: deployment('parts', { replicas: 2 }) })
    const scale = (await server.call('GET', `${DEPLOYMENTS}/parts/scale`)).json
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { selector: 'app=parts' },
    })
    const scaled = await server.call('PATCH', `${DEPLOYMENTS}/parts/scale`, {
      body: { spec: { replicas: 5 } },
      type: 'application/merge-patch+json',
    })
    expect(scaled.json.spec.replicas).toBe(5)
    const status = { status: { replicas: 5 }, spec: { replicas: 99 } }
    const written = await server.call('PATCH', `${DEPLOYMENTS}/parts/status`, {
      body: status,
      type: 'application/merge-patch+json',
    })
    expect(written.json).toMatchObject({ spec: { replicas: 5 }, status: { replicas: 5 } })
  })
})

describe('watches', () => {
  it('stream what is there, a mark, and what comes', async () => {
    await server.call('POST', CONFIG_MAPS, { body: configMap('watched') })
    const query =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dwatched'
    const watch = await server.watch(`${CONFIG_MAPS}?${query}`)
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'watched' } } })
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
    await server.call('PUT', `${CONFIG_MAPS}/watched`, { body: configMap('watched', { a: '1' }) })
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { data: { a: '1' } } })
    await server.call('DELETE', `${CONFIG_MAPS}/watched`)
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { data: { a: '1' } } })
    watch.close()
  })

  it('turn what leaves a selection into DELETED', async () => {
    const labelled = (color: string) => ({
      ...configMap('colored'),
      metadata: { name: 'colored', labels: { color } },
    })
    const watch = await server.watch(`${CONFIG_MAPS}?watch=1&labelSelector=color%3Dred`)
    await server.call('POST', CONFIG_MAPS, { body: labelled('red') })
    const change = await server.call('PUT', `${CONFIG_MAPS}/colored`, { body: labelled('blue') })
    expect((await watch.next()).type).toBe('ADDED')
    expect(await watch.next()).toMatchObject({
      type: 'DELETED',
      object: {
        metadata: { labels: { color: 'red' }, resourceVersion: change.json.metadata.resourceVersion },
      },
    })
    watch.close()
  })

  it('resume after a resourceVersion, and send the columns of tables once', async () => {
    const list = (await server.call('GET', CONFIG_MAPS)).json
    await server.call('POST', CONFIG_MAPS, { body: configMap('later1') })
    await server.call('POST', CONFIG_MAPS, { body: configMap('later2') })
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const watch = await server.watch(
      `${CONFIG_MAPS}?watch=1&resourceVersion=${list.metadata.resourceVersion}`,
      { accept },
    )
    expect((await watch.next()).object).toMatchObject({
      columnDefinitions: [{ name: 'Name' }],
      rows: [{ cells: ['later1'] }],
    })
    expect((await watch.next()).object).toMatchObject({
      columnDefinitions: null,
      rows: [{ cells: ['later2'] }],
    })
    watch.close()
  })

  it('end after timeoutSeconds, with bookmarks on the way', async () => {
    const revision = server.api.store.revision
    const watch = await server.watch(
      `${CONFIG_MAPS}?watch=1&resourceVersion=${revision}&timeoutSeconds=90&allowWatchBookmarks=true`,
    )
    await server.api.clock.advance(61_000)
    expect((await watch.next()).type).toBe('BOOKMARK')
    await server.api.clock.advance(30_000)
    expect((await watch.next()).type).toBe('BOOKMARK')
    expect(await watch.next()).toBeUndefined()
  })

  it('refuse parameters that make no sense', async () => {
    const refused = await server.call('GET', `${CONFIG_MAPS}?watch=1&sendInitialEvents=true`)
    expect(refused.json).toMatchObject({ code: 422, details: { kind: 'ListOptions', group: 'meta.k8s.io' } })
  })
})

describe('bad requests', () => {
  it('are answered, and the server goes on', async () => {
    const cases: [string, string, object, number][] = [
      ['POST', CONFIG_MAPS, { body: '{', type: 'application/json' }, 400],
      ['POST', CONFIG_MAPS, { body: 'a: [', type: 'application/yaml' }, 400],
      ['POST', CONFIG_MAPS, { body: '[]' }, 400],
      ['POST', CONFIG_MAPS, { body: { kind: 'Pod', apiVersion: 'v1' } }, 400],
      ['POST', CONFIG_MAPS, { body: { metadata: 'x' } }, 400],
      ['POST', CONFIG_MAPS, { body: { metadata: { name: 'a', namespace: 'other' } } }, 400],
      ['POST', CONFIG_MAPS, { body: Buffer.from('nope'), type: 'application/vnd.kubernetes.protobuf' }, 400],
      ['POST', CONFIG_MAPS, { body: 'x', type: 'text/plain' }, 415],
      ['POST', CONFIG_MAPS, { body: `{"data":{"a":"${'x'.repeat(4 << 20)}"}}` }, 413],
      ['PUT', `${CONFIG_MAPS}/a`, { body: { metadata: { name: 'b' } } }, 400],
      ['PATCH', `${CONFIG_MAPS}/none`, { body: {}, type: 'application/merge-patch+json' }, 404],
      ['GET', `${CONFIG_MAPS}?resourceVersion=x`, {}, 400],
      ['GET', `${CONFIG_MAPS}?labelSelector=a%20b`, {}, 400],
      ['GET', `${CONFIG_MAPS}?fieldSelector=spec.x%3D1`, {}, 400],
      ['GET', `${CONFIG_MAPS}?limit=x`, {}, 400],
      ['GET', '/api/v1/%zz', {}, 400],
      ['POST', `${CONFIG_MAPS}/a`, { body: {} }, 405],
      ['DELETE', `${CONFIG_MAPS}/a?propagationPolicy=Sideways`, {}, 422],
      ['GET', '/api/v1/namespaces/default/pods/none/exec', {}, 404],
    ]
    for (const [method, path, options, code] of cases) {
      expect([method, path, (await server.call(method, path, options)).code]).toEqual([method, path, code])
    }
    await server.call('POST', '/api/v1/namespaces/default/pods', { body: pod('alive') })
    expect((await server.call('GET', '/api/v1/namespaces/default/pods/alive')).code).toBe(200)
  })

  it('for a revision to come wait three seconds', async () => {
    const reply = server.call('GET', `${CONFIG_MAPS}?resourceVersion=999999`)
    let code: number | undefined
    void reply.then((answer) => {
      code = answer.code
    })
    await expect
      .poll(async () => {
        await server.api.clock.advance(1000)
        return code
      })
      .toBe(504)
    expect((await reply).json).toMatchObject({
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    })
  })
})
