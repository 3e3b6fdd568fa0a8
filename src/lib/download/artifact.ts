/** A pinned file: downloaded once into the cache, resumed when cut off, checked each time that it is used. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DevenvError } from '../errors.ts'
import { lockFolder } from '../lock.ts'
import { ensureDir } from '../paths.ts'
import { type Probed, waitFor } from '../wait.ts'
import { isFolder, sourceOf } from './source.ts'
import { copyTo, transferTo } from './transfer.ts'

export interface Artifact {
  /** For people: `k3d v5.9.0`. */
  title: string
  url: string
  /** Of the file as it is downloaded, in lower-case hex. */
  sha256: string
}

export interface FetchOptions {
  cacheDir: string
  /** Variables that name a mirror and proxies: DEVENV_MIRROR, HTTPS_PROXY, NO_PROXY. */
  env: Record<string, string | undefined>
  /** Nothing may be asked of the network. */
  offline?: boolean
  onProgress?: (what: string) => void
  /** Between two tries, in milliseconds. */
  retryPauseMs?: number
  signal?: AbortSignal
}

const LOCK_TIMEOUT_MS = 600_000

/**
 * The path of the file in the cache, downloaded if need be. Throws CHECKSUM_MISMATCH when the file is another
 * one than was pinned, and DOWNLOAD_FAILED, with what can be done, when it cannot be had.
 */
export async function fetchArtifact(artifact: Artifact, options: FetchOptions): Promise<string> {
  const path = artifactPath(artifact, options.cacheDir)
  if (await hasDigest(path, artifact.sha256)) return path
  await ensureDir(join(options.cacheDir, 'downloads'))
  await using _lock = await patientLock(path, artifact.title, options)
  // Another process may have fetched it while this one waited.
  if (await hasDigest(path, artifact.sha256)) return path
  const source = sourceOf(artifact.url, options)
  const part = `${path}.part`
  options.onProgress?.(`${artifact.title} from ${source}`)
  if (isFolder(source)) await copyTo(part, source, artifact.title)
  else await transferTo(part, source, artifact.title, options)
  const found = await digestOf(part)
  if (found !== artifact.sha256) {
    const page = await isPage(part)
    await rm(part, { force: true })
    throw mismatch(artifact, source, page ? `${found}, a web page` : found)
  }
  await rename(part, path)
  return path
}

/** Where the cache keeps a file: by its digest, so that two versions never meet. */
export function artifactPath(artifact: Pick<Artifact, 'url' | 'sha256'>, cacheDir: string): string {
  const name = new URL(artifact.url).pathname.split('/').at(-1) || 'file'
  return join(cacheDir, 'downloads', `${artifact.sha256.slice(0, 16)}-${name}`)
}

/** SHA-256 of a file, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function hasDigest(path: string, sha256: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined)
  return there?.isFile() === true && (await digestOf(path)) === sha256
}

/** What portals and proxies answer in a file's place. */
async function isPage(path: string): Promise<boolean> {
  const chunks = createReadStream(path, { end: 200, encoding: 'utf8' })
  for await (const text of chunks) return /^\s*<(!doctype|html)/i.test(text as string)
  return false
}

/** Two environments that come up at once share one download. */
function patientLock(path: string, title: string, options: FetchOptions): Promise<AsyncDisposable> {
  const attempt = async (): Promise<Probed<AsyncDisposable>> => {
    try {
      return { done: await lockFolder(path, title) }
    } catch (thrown) {
      if (thrown instanceof DevenvError && thrown.code === 'BUSY')
        return { waiting: 'another devenv downloads it' }
      throw thrown
    }
  }
  return waitFor(`the download of ${title}`, attempt, {
    timeoutMs: LOCK_TIMEOUT_MS,
    onWaiting: ({ waiting }) => options.onProgress?.(`${title}: ${waiting}`),
    ...(options.signal ? { signal: options.signal } : {}),
  })
}

function mismatch(artifact: Artifact, source: string, found: string): DevenvError {
  return new DevenvError(
    'CHECKSUM_MISMATCH',
    `${artifact.title}: ${source} is not the file that was pinned\n  pinned sha256  ${artifact.sha256}\n  got            ${found}`,
    {
      fix: 'Nothing of it was used. A mirror or a proxy may have answered something else: look at what it sends. A release that really changed needs its new sha256 in devenv/operators.lock.yaml.',
    },
  )
}
