/** The environment's git server: smart HTTP on the loopback address, for reading. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveWithGit } from './backend.ts'

export interface GitServerOptions {
  /** Folder with the bare repositories, `NAME.git` each. */
  root: string
  /** 0 picks a free one. */
  port: number
}

export interface GitServer extends AsyncDisposable {
  port: number
  /** `http://127.0.0.1:PORT/`, before `NAME.git`. */
  base: string
  /** The bare repository behind one of our URLs; undefined for any other URL. */
  folderOf(url: string): string | undefined
}

const HOST = '127.0.0.1'

/**
 * Serves until disposed. Pushes go to the repository's folder, which only its owner can open: over HTTP every
 * user of the machine could make one.
 */
export async function startGitServer({ root, port }: GitServerOptions): Promise<GitServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${HOST}`)
    const path = safePath(url.pathname)
    if (path === undefined) {
      response.writeHead(404).end()
      return
    }
    if (isPush(path, url.searchParams)) {
      const repository = path.split('/')[1] ?? ''
      response
        .writeHead(403, { 'content-type': 'text/plain' })
        .end(`read only over HTTP; push to the folder: git push ${root}/${repository}\n`)
      return
    }
    void serveWithGit(request, response, { root, path, query: url.search.slice(1) })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  const base = `http://${HOST}:${bound}/`
  return {
    port: bound,
    base,
    folderOf: (url) => {
      if (!url.startsWith(base)) return undefined
      const path = safePath(`/${url.slice(base.length)}`)
      return path && `${root}${path.endsWith('.git') ? path : `${path}.git`}`
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

/** The decoded path, or undefined for one that leaves the root or cannot be decoded. */
function safePath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname)
    return path.split('/').includes('..') || path.includes('\0') ? undefined : path
  } catch {
    return undefined
  }
}

function isPush(path: string, query: URLSearchParams): boolean {
  return path.endsWith('/git-receive-pack') || query.get('service') === 'git-receive-pack'
}
