/** One request to `git http-backend`: the CGI protocol over a child process. */
import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface BackendRequest {
  /** Folder with the repositories. */
  root: string
  /** Path below it, with a leading slash, decoded. */
  path: string
  query: string
}

const MAX_HEADER_BYTES = 64 * 1024

/** Streams the request through git and its answer back. Resolves when the answer has been sent. */
export function serveWithGit(
  request: IncomingMessage,
  response: ServerResponse,
  { root, path, query }: BackendRequest,
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1',
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: header(request, 'content-encoding'),
        HTTP_GIT_PROTOCOL: header(request, 'git-protocol'),
        GIT_PROTOCOL: header(request, 'git-protocol'),
        REMOTE_ADDR: request.socket.remoteAddress ?? '',
        ...(request.headers['content-length'] ? { CONTENT_LENGTH: request.headers['content-length'] } : {}),
      },
    })
    const fail = () => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
      resolve()
    }
    child.on('error', fail)
    // git may end before it has read everything, and a client may leave: neither is a failure of ours.
    child.stdin.on('error', () => {})
    request.pipe(child.stdin)
    response.on('close', () => {
      if (child.exitCode === null) child.kill()
    })
    let head: Buffer = Buffer.alloc(0)
    const onHead = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) {
        if (head.length > MAX_HEADER_BYTES) child.kill()
        return
      }
      child.stdout.off('data', onHead)
      writeHead(response, head.subarray(0, end).toString('latin1'))
      response.write(head.subarray(end + 4))
      child.stdout.pipe(response)
    }
    child.stdout.on('data', onHead)
    child.on('close', () => {
      if (response.headersSent) resolve()
      else fail()
    })
  })
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}

/** The CGI header: `Status: 404 Not Found` among ordinary header lines. */
function writeHead(response: ServerResponse, text: string): void {
  let status = 200
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else if (colon > 0) response.setHeader(name, value)
  }
  response.writeHead(status)
}
