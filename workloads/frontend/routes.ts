/** What the frontend serves: the page, its health as Streamlit names it, and core-api behind /api. */
import { readFile } from 'node:fs/promises'
import { post } from '../shared/http-client.ts'
import type { Handler, Routes } from '../shared/http-server.ts'
import { HttpError, readBody } from '../shared/http-server.ts'

/** Paths of the page's own API, and what each is at core-api. */
const FORWARDED = {
  '/api/job-description': '/job-description/generate',
  '/api/questions': '/questions/generate',
  '/api/resume': '/resume/evaluation',
}

/** Routes in front of the core-api at the given origin, which has `timeoutMs` to answer. */
export function routesOf(coreApi: string, timeoutMs: number): Routes {
  const routes: Routes = {
    'GET /': file('index.html', 'text/html; charset=utf-8'),
    'GET /style.css': file('style.css', 'text/css; charset=utf-8'),
    'GET /app.js': file('app.js', 'text/javascript; charset=utf-8'),
    'GET /_stcore/health': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
    },
  }
  for (const [path, target] of Object.entries(FORWARDED)) {
    routes[`POST ${path}`] = forward(`${coreApi}${target}`, timeoutMs)
  }
  return routes
}

function file(name: string, contentType: string): Handler {
  return async (_request, response) => {
    const content = await readFile(new URL(`public/${name}`, import.meta.url))
    response.writeHead(200, {
      'content-type': contentType,
      'content-length': content.length,
      'content-security-policy': "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    response.end(content)
  }
}

function forward(url: string, timeoutMs: number): Handler {
  return async (request, response) => {
    // A page of another site can send a form here, but not with this type unless we allow it.
    if (!request.headers['content-type']?.startsWith('application/json')) {
      throw new HttpError(415, 'unsupported_media_type', 'send application/json')
    }
    const body = await readBody(request)
    const answer = await post(url, body, { timeoutMs }).catch(() => {
      throw new HttpError(502, 'core_api_unreachable', 'core-api does not answer; try again in a moment')
    })
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'content-length': answer.body.length,
    })
    response.end(answer.body)
  }
}
