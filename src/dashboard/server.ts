/** The dashboard's HTTP server: loopback only, every request checked before anything else is looked at. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DevenvError } from '../lib/errors.ts'
import { errorAnswer, refusalAnswer, sendJson } from './answer.ts'
import type { Api, ApiPorts } from './api.ts'
import { pageFiles, SECURITY_HEADERS } from './files.ts'
import { refuseStranger, refuseWithoutToken } from './guard.ts'

const HOST = '127.0.0.1'

export interface DashboardOptions extends ApiPorts {
  token: string
  /** 0 lets the system choose. */
  port: number
  /** Ends the process that serves; absent where a person ends it. */
  end?: () => void
}

export interface Dashboard extends AsyncDisposable {
  readonly port: number
}

/** Serves until disposed. PORT_BUSY when the port is taken. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  // Loaded by the first page: until somebody looks, this process is to be small.
  let loaded: Promise<Api> | undefined
  const api = () => {
    loaded ??= import('./api.ts').then(({ Api }) => new Api(options))
    return loaded
  }
  const files = pageFiles()
  const server = createServer((request, response) => {
    handle(request, response).catch((thrown) => {
      if (response.headersSent) response.destroy()
      else sendJson(response, ...errorAnswer(thrown))
    })
  })
  const port = await listen(server, options.port)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    const stranger = refuseStranger(request.headers, port)
    if (stranger) return sendJson(response, ...refusalAnswer(stranger))
    const url = new URL(request.url ?? '/', `http://${HOST}`)
    if (url.pathname.startsWith('/api/')) {
      const refusal = refuseWithoutToken(request.headers, options.token)
      if (refusal) return sendJson(response, ...refusalAnswer(refusal))
      if (url.pathname === '/api/page') return answerPage(request, response, options)
      return await (await api()).answer(request, response, url)
    }
    const file = request.method === 'GET' || request.method === 'HEAD' ? await files(url.pathname) : undefined
    if (!file)
      return sendJson(response, ...errorAnswer(new DevenvError('USAGE', `there is no ${url.pathname}`), 404))
    // Asked again each time: a page from before an update would not fit the server.
    response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'no-cache' })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }

  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await (await loaded)?.[Symbol.asyncDispose]()
    },
  }
}

/** Whether the page is served, and its end: asked by commands, without loading what pages need. */
function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  { name, end }: DashboardOptions,
): void {
  if (request.method === 'DELETE' && end) {
    response.on('finish', end)
    sendJson(response, 202, { apiVersion: 'devenv/v1', kind: 'DashboardEnding' })
  } else if (request.method === 'GET') {
    sendJson(response, 200, { apiVersion: 'devenv/v1', kind: 'Dashboard', name })
  } else {
    const refused = new DevenvError('USAGE', 'Ctrl-C ends this page, where it was started')
    sendJson(response, ...errorAnswer(refused))
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown
    throw new DevenvError('PORT_BUSY', `${HOST}:${port} is in use`, {
      cause: thrown,
      fix: 'Choose another port: npm run dashboard -- --port N, or 0 for a free one.',
    })
  }
  return (server.address() as AddressInfo).port
}
