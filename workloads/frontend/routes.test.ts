import { afterEach, describe, expect, test } from 'vitest'
import { HttpError, type RunningServer, readJsonObject, sendJson, serve } from '../shared/http-server.ts'
import { routesOf } from './routes.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function listen(routes: Parameters<typeof serve>[0]['routes']) {
  const server = await serve({ routes, host: '127.0.0.1', port: 0, log })
  running.push(server)
  return `http://127.0.0.1:${server.port}`
}

const codeOf = async (response: Response) => ((await response.json()) as any).error.code
const json = { 'content-type': 'application/json' }

describe('frontend', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/app.js', 'text/javascript; charset=utf-8'],
  ])('serves %s, and nothing from elsewhere', async (path, type) => {
    const response = await fetch((await listen(routesOf('http://127.0.0.1:1', 100))) + path)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await response.text()).not.toMatch(/https?:\/\//)
  })

  test('is healthy as Streamlit is', async () => {
    const response = await fetch(`${await listen(routesOf('http://127.0.0.1:1', 100))}/_stcore/health`)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
  })

  test.each([
    ['/api/job-description', 'POST /job-description/generate'],
    ['/api/questions', 'POST /questions/generate'],
    ['/api/resume', 'POST /resume/evaluation'],
  ])('hands %s on', async (path, route) => {
    const coreApi = await listen({
      [route]: async (request, response) => sendJson(response, 200, { got: await readJsonObject(request) }),
    })
    const url = await listen(routesOf(coreApi, 1000))
    const response = await fetch(url + path, { method: 'POST', body: '{"a":1}', headers: json })
    expect([response.status, await response.json()]).toEqual([200, { got: { a: 1 } }])
  })

  test('hands on failures as they are', async () => {
    const coreApi = await listen({
      'POST /questions/generate': () => {
        throw new HttpError(503, 'broker_unavailable', 'away')
      },
    })
    const url = await listen(routesOf(coreApi, 1000))
    const response = await fetch(`${url}/api/questions`, { method: 'POST', body: '{}', headers: json })
    expect([response.status, await codeOf(response)]).toEqual([503, 'broker_unavailable'])
  })

  test('says so when core-api is away', async () => {
    const url = await listen(routesOf('http://127.0.0.1:1', 1000))
    const response = await fetch(`${url}/api/questions`, { method: 'POST', body: '{}', headers: json })
    expect([response.status, await codeOf(response)]).toEqual([502, 'core_api_unreachable'])
  })

  test('takes no forms of other pages', async () => {
    const url = await listen(routesOf('http://127.0.0.1:1', 1000))
    const response = await fetch(`${url}/api/questions`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(415)
  })
})
