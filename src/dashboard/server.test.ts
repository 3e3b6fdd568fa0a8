import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import type { RunRecord } from '../lib/record.ts'
import { rolloutObject } from '../rollout/testing-objects.ts'
import { type Dashboard, serveDashboard } from './server.ts'

const TOKEN = 'a-token-for-tests-of-32-characters'
const PASSWORD = 'hunter2-is-the-password'
const GROUP = 'argoproj.io/v1alpha1'
const ROLLOUTS = `${GROUP}/rollouts`
const NAME = 'team1-project-core-api'

let folder: string
let api: FakeApi
let dashboard: Dashboard

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'))
  api = await FakeApi.start()
  api.answers.set('/readyz', (response) => response.end('ok'))
  const metadata = { name: 'rabbitmq-secrets', namespace: 'team1-ns' }
  const encoded = Buffer.from(PASSWORD).toString('base64')
  api.put('v1/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: { RABBITMQ_DEFAULT_PASS: encoded },
  })
  api.put('external-secrets.io/v1/externalsecrets', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata,
    spec: { data: [{ secretKey: 'RABBITMQ_DEFAULT_PASS', value: PASSWORD }] },
    status: {
      refreshTime: '2026-01-01T00:00:00Z',
      conditions: [{ type: 'Ready', status: 'True', message: 'secret synced' }],
    },
  })
  api.put(ROLLOUTS, rolloutObject())
  api.answers.set(`/apis/${GROUP}/namespaces/team1-ns/rollouts/${NAME}/status`, (response) =>
    response.end(JSON.stringify(rolloutObject())),
  )
  api.answers.set('/api/v1/namespaces/team1-ns/pods/core-api-1/log', (response) => response.end('one\ntwo\n'))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigFor(api.url))
  const record = {
    apiVersion: 'devenv/v1',
    kind: 'Run',
    name: 'x',
    checkout: folder,
    cluster: { kind: 'embedded', reason: '', kubernetes: 'v1.35.0', kubeconfig },
    profile: 'fast',
    namespace: 'team1-ns',
    release: 'team1-project',
    endpoints: {},
    components: [],
    phase: 'Ready',
  } as unknown as RunRecord
  dashboard = await serveDashboard({
    token: TOKEN,
    port: 0,
    name: 'x',
    checkout: folder,
    readRecord: async () => record,
  })
})

afterAll(async () => {
  await dashboard?.[Symbol.asyncDispose]()
  await api?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe('who may ask', () => {
  it('answers the page itself to anybody on this machine, with a policy that lets nothing inline run', async () => {
    const { status, headers, body } = await ask('GET', '/')
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:\/\//)
  })

  it.each([
    ['another name for this machine', { host: 'evil.example' }],
    ['the right name with a wrong port', { host: '127.0.0.1:1' }],
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ])('refuses %s, even with the token', async (_who, headers) => {
    for (const path of ['/', '/api/stream'])
      expect((await ask('GET', path, { ...authorized(), ...headers })).status).toBe(403)
  })

  it.each([
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['one in another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the beginning of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ])('refuses %s on every path of the API', async (_what, headers) => {
    for (const [method, path] of [
      ['GET', '/api/stream'],
      ['GET', `/api/stream?token=${TOKEN}`],
      ['GET', '/api/log?pod=a'],
      ['GET', '/api/why?name=a'],
      ['POST', '/api/rollout'],
      ['POST', '/api/load'],
      ['DELETE', '/api/load'],
      ['GET', '/api/nothing'],
    ] as const)
      expect((await ask(method, path, headers)).status, path).toBe(401)
    expect(api.requests.some(({ method }) => method === 'PATCH')).toBe(false)
  })

  it('has no file but its own', async () => {
    for (const path of [
      '/tsconfig.json',
      '/../server.ts',
      '/%2e%2e/server.ts',
      '/modules/../app.js%00',
      '/modules/ws.js',
    ])
      expect((await ask('GET', path)).status, path).toBe(404)
    for (const path of [
      '/app.js',
      '/modules/preact.js',
      '/modules/uplot.js',
      '/modules/htm.js',
      '/modules/signals.js',
    ])
      expect(await ask('GET', path)).toMatchObject({ status: 200, headers: { 'content-type': /javascript/ } })
  })
})

describe('the stream', () => {
  it('begins with the history, then tells what there is, and never a secret value', async () => {
    const received = await firstEvents(['history', 'load', 'snapshot', 'sample'])
    expect(received.events.snapshot).toMatchObject({
      status: { secrets: [{ name: 'rabbitmq-secrets', ready: true, refreshedAt: '2026-01-01T00:00:00Z' }] },
    })
    expect(received.raw).not.toContain(PASSWORD)
    expect(received.raw).not.toContain(Buffer.from(PASSWORD).toString('base64'))
    expect(received.raw).not.toContain(TOKEN)
  })
})

describe('asking', () => {
  it('promotes by the patch that the kubectl plugin writes', async () => {
    const answer = await ask('POST', '/api/rollout', authorized(), { name: NAME, verb: 'promote' })
    expect(answer).toMatchObject({ status: 200 })
    const patch = api.requests.findLast(({ method }) => method === 'PATCH')
    expect(patch?.url).toContain(`/rollouts/${NAME}/status`)
    expect(JSON.parse(patch!.body)).toEqual({ status: { pauseConditions: null } })
  })

  it('streams a log line by line, and says when it ends', async () => {
    const { headers, body } = await ask('GET', '/api/log?pod=core-api-1', authorized())
    expect(headers['content-type']).toContain('text/event-stream')
    expect(body).toContain('event: line\ndata: "one"\n\nevent: line\ndata: "two"\n\nevent: end\n')
  })

  it('explains a workload', async () => {
    const { status, body } = await ask('GET', `/api/why?name=${NAME}`, authorized())
    expect(status, body).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ kind: 'Why', of: 'Rollout', name: NAME })
  })

  it.each([
    ['a verb that there is not', '/api/rollout', { name: NAME, verb: 'delete' }, 'verb'],
    ['a name with a path in it', '/api/rollout', { name: '../../secrets', verb: 'abort' }, 'name'],
    ['no such Rollout', '/api/rollout', { name: 'other', verb: 'abort' }, 'There are: core-api'],
    ['no messages', '/api/load', { queue: 'all', messages: 0 }, 'messages'],
    ['another queue', '/api/load', { queue: 'x', messages: 1 }, 'queue'],
    ['a field that nobody knows', '/api/load', { queue: 'all', messages: 1, rate: 2 }, 'rate'],
  ])('says what is wrong with %s', async (_what, path, sent, expected) => {
    const { status, body } = await ask('POST', path, authorized(), sent)
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject({ kind: 'Error', code: 'USAGE' })
    expect(body).toContain(expected)
  })

  it('takes JSON only, and little of it', async () => {
    const form = { ...authorized(), 'content-type': 'text/plain' }
    expect((await ask('POST', '/api/load', form, {})).status).toBe(400)
    expect((await ask('POST', '/api/load', authorized(), { queue: 'x'.repeat(20_000) })).status).toBe(400)
    expect((await ask('POST', '/api/load', authorized(), undefined)).status).toBe(400)
    expect((await ask('PUT', '/api/load', authorized(), {})).status).toBe(404)
  })
})

it('says that a port is taken', async () => {
  const options = { token: TOKEN, name: 'x', checkout: folder, readRecord: async () => undefined }
  await expect(serveDashboard({ ...options, port: dashboard.port })).rejects.toMatchObject({
    code: 'PORT_BUSY',
  })
})

function authorized(): Record<string, string> {
  return { authorization: `Bearer ${TOKEN}` }
}

function open(method: string, path: string, headers: Record<string, string>, sent?: object) {
  const host = `127.0.0.1:${dashboard.port}`
  const body = sent === undefined ? undefined : JSON.stringify(sent)
  const request = http.request({
    host: '127.0.0.1',
    port: dashboard.port,
    method,
    path,
    headers: { host, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
  })
  request.end(body)
  return request
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, sent?: object) {
  const [response] = (await once(open(method, path, headers, sent), 'response')) as [http.IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Reads the stream until each of these events has come once. */
async function firstEvents(wanted: string[]) {
  const request = open('GET', '/api/stream', authorized())
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const events: Record<string, any> = {}
  let raw = ''
  for await (const chunk of response.setEncoding('utf8')) {
    raw += chunk
    for (const [, event, data] of raw.matchAll(/event: (\w+)\ndata: (.*)\n\n/g))
      events[event!] = JSON.parse(data!)
    if (wanted.every((event) => event in events)) break
  }
  request.destroy()
  return { events, raw }
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'x',
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    clusters: [{ name: 'x', cluster: { server } }],
    users: [{ name: 'x', user: {} }],
  })
}
