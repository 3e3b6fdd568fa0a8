import { expect, test } from 'vitest'
import { isKubeError, KubeError } from './errors.ts'
import type { KubeObject } from './object.ts'
import { FakeApi } from './testing/fake-api.ts'
import type { WatchEvent } from './watch.ts'

const pod = (name: string, phase = 'Running'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns' },
  status: { phase },
})

test('a refusal is a KubeError with the code and reason of the Status', async () => {
  await using api = await FakeApi.start()
  const client = api.client()
  const refused = await client.get('v1/pods', 'absent', { namespace: 'ns' }).catch((thrown) => thrown)
  expect(refused).toBeInstanceOf(KubeError)
  expect(isKubeError(refused, 404)).toBe(true)
  expect(refused.reason).toBe('NotFound')
  expect(await client.find('v1/pods', 'absent', { namespace: 'ns' })).toBeUndefined()
  expect(await client.delete('v1/pods', 'absent', { namespace: 'ns' })).toBe(false)
  client.close()
})

test('a page that is no Status still tells the code', async () => {
  await using api = await FakeApi.start()
  api.answers.set('/readyz', (response) => {
    response.writeHead(503)
    response.end('starting up')
  })
  const client = api.client()
  await expect(client.raw('GET', '/readyz')).rejects.toMatchObject({ code: 503, message: 'starting up' })
  client.close()
})

test('a server that goes away in the middle of its answer is UNREACHABLE, too', async () => {
  await using api = await FakeApi.start()
  api.answers.set('/version', (response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"gitVersion":', () => response.destroy())
  })
  api.answers.set('/readyz', (response) => void response.writeHead(200).write('o'))
  const client = api.client()
  await expect(client.raw('GET', '/version')).rejects.toMatchObject({ code: 'UNREACHABLE' })
  const silent = client.transport.text({ method: 'GET', path: '/readyz', idleTimeoutMs: 20 })
  await expect(silent).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('nothing within 0.02 s'),
  })
  client.close()
})

test('a server that is not there is UNREACHABLE, and says what to do', async () => {
  const api = await FakeApi.start()
  const client = api.client()
  await api[Symbol.asyncDispose]()
  await expect(client.raw('GET', '/readyz')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    exitCode: 1,
    message: expect.stringMatching(/^the API server does not answer: connect ECONNREFUSED 127\.0\.0\.1:\d+$/),
    fix: expect.stringContaining('npm run up'),
  })
  client.close()
})

test('list follows pages and gives items their kind', async () => {
  await using api = await FakeApi.start()
  for (let number = 0; number < 501; number++) api.put('v1/pods', pod(`p${number}`))
  const client = api.client()
  const { items } = await client.list('v1/pods', { namespace: 'ns' })
  expect(items).toHaveLength(501)
  expect(items[500]).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p500' } })
  expect(api.requests.map(({ url }) => url)).toEqual([
    '/api/v1/namespaces/ns/pods?limit=500',
    '/api/v1/namespaces/ns/pods?limit=500&continue=500',
  ])
  client.close()
})

test('each kind of patch has its content type, and apply names its manager', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('a'))
  const client = api.client()
  const at = { namespace: 'ns' }
  await client.patch('v1/pods', 'a', { status: {} }, { ...at, subresource: 'status' }).catch(() => undefined)
  await client.patch('v1/pods', 'a', { x: 1 }, { ...at, type: 'strategic' })
  await client.apply('v1/pods', pod('a'))
  expect(api.requests.map(({ url, contentType }) => [url, contentType])).toEqual([
    ['/api/v1/namespaces/ns/pods/a/status?fieldManager=devenv', 'application/merge-patch+json'],
    ['/api/v1/namespaces/ns/pods/a?fieldManager=devenv', 'application/strategic-merge-patch+json'],
    ['/api/v1/namespaces/ns/pods/a?fieldManager=devenv&force=true', 'application/apply-patch+yaml'],
  ])
  client.close()
})

test('logs come line by line', async () => {
  await using api = await FakeApi.start()
  api.answers.set('/api/v1/namespaces/ns/pods/a/log', (response) => {
    response.write('one\ntw')
    response.end('o\nthree')
  })
  const client = api.client()
  const lines: string[] = []
  for await (const line of client.logs('ns', 'a', { container: 'c', tailLines: 5 })) lines.push(line)
  expect(lines).toEqual(['one', 'two', 'three'])
  expect(api.requests[0]?.url).toBe('/api/v1/namespaces/ns/pods/a/log?container=c&tailLines=5')
  client.close()
})

/** Reads `count` events. */
async function take(events: AsyncGenerator<WatchEvent>, count: number): Promise<string[]> {
  const seen: string[] = []
  while (seen.length < count) {
    const { value, done } = await events.next()
    if (done) break
    seen.push(`${value.type} ${value.object.metadata.name} ${value.object.status?.phase}`)
  }
  return seen
}

test('a watch lists first and then follows changes', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('a'))
  const client = api.client()
  const events = client.watch('v1/pods', { namespace: 'ns' })
  expect(await take(events, 1)).toEqual(['ADDED a Running'])
  const next = take(events, 2)
  api.put('v1/pods', pod('a', 'Failed'))
  api.remove('v1/pods', 'a', 'ns')
  expect(await next).toEqual(['MODIFIED a Failed', 'DELETED a Failed'])
  client.close()
})

test('after 410 the watch lists again and yields the difference, deletions too', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('gone'))
  api.put('v1/pods', pod('kept'))
  api.put('v1/pods', pod('changed'))
  const client = api.client()
  const retries: unknown[] = []
  const events = client.watch('v1/pods', { namespace: 'ns', onRetry: (thrown) => retries.push(thrown) })
  await take(events, 3)
  // The next event is asked for only now: the watch has not been opened yet.
  api.remove('v1/pods', 'gone', 'ns')
  api.put('v1/pods', pod('changed', 'Failed'))
  api.put('v1/pods', pod('new'))
  api.expireWatches = 1
  expect(await take(events, 3)).toEqual([
    'MODIFIED changed Failed',
    'ADDED new Running',
    'DELETED gone Running',
  ])
  expect(retries).toHaveLength(1)
  client.close()
})

test('a watch that the server ends goes on from its last version', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('a'))
  const client = api.client()
  const events = client.watch('v1/pods', { namespace: 'ns' })
  await take(events, 1)
  const next = take(events, 2)
  api.put('v1/pods', pod('b'))
  await expect.poll(() => api.requests.some(({ url }) => url.includes('watch=true'))).toBe(true)
  api.endWatches()
  api.put('v1/pods', pod('c'))
  expect(await next).toEqual(['ADDED b Running', 'ADDED c Running'])
  expect(api.requests.filter(({ url }) => !url.includes('watch')).length).toBe(1)
  client.close()
})

test('a watch of what may not be watched throws, and one that is aborted ends', async () => {
  await using api = await FakeApi.start()
  const client = api.client()
  await expect(client.watch('v1/nothing').next()).rejects.toMatchObject({ code: 404 })
  api.put('v1/pods', pod('a'))
  const stop = new AbortController()
  const events = client.watch('v1/pods', { namespace: 'ns', signal: stop.signal })
  await take(events, 1)
  const ended = events.next()
  stop.abort()
  expect((await ended).done).toBe(true)
  client.close()
})
