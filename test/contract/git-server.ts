/** Serves the cases' repositories to a cluster that does not share this machine's file system, for reading. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveWithGit } from '../../src/embedded/git/backend.ts'

/** Base URL of the folder's repositories, without a slash at the end. `host` is an address that pods can reach. */
export async function serveRepositories(
  root: string,
  host: string,
): Promise<AsyncDisposable & { base: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://git')
    if (url.pathname.endsWith('/git-receive-pack') || url.pathname.includes('..')) {
      response.writeHead(403).end()
      return
    }
    void serveWithGit(request, response, { root, path: url.pathname, query: url.search.slice(1) })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    base: `http://${host}:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
