/** Where a pinned file is taken from: its own address, or the mirror that DEVENV_MIRROR names. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DevenvError } from '../errors.ts'

/** True for a path on this machine, false for a URL. */
export function isFolder(source: string): boolean {
  return !/^https?:\/\//.test(source)
}

/**
 * A URL or the path of a local file. A mirror keeps files as HOST/PATH of their addresses, or flat by their last
 * name. Throws DOWNLOAD_FAILED when a local mirror lacks the file, or when the network may not be asked.
 */
export function sourceOf(
  url: string,
  { env, offline = false }: { env: Record<string, string | undefined>; offline?: boolean },
): string {
  const mirror = env.DEVENV_MIRROR
  const { host, pathname } = new URL(url)
  if (mirror && isFolder(mirror)) return inFolder(mirror, url, host, pathname)
  if (mirror && !offline) return `${mirror.replace(/\/+$/, '')}/${host}${pathname}`
  if (!offline) return url
  throw new DevenvError('DOWNLOAD_FAILED', `${url} is not in the cache, and --offline forbids the network`, {
    fix: 'Run npm run up once with the network, or point DEVENV_MIRROR at a folder that has the file.',
  })
}

function inFolder(mirror: string, url: string, host: string, pathname: string): string {
  const folder = mirror.startsWith('file:') ? fileURLToPath(mirror) : resolve(mirror)
  const candidates = [join(folder, host, pathname), join(folder, pathname.split('/').at(-1) ?? '')]
  const found = candidates.find((path) => existsSync(path))
  if (found) return found
  throw new DevenvError('DOWNLOAD_FAILED', `the mirror ${folder} does not have ${url}`, {
    fix: `Put the file at ${candidates[0]}, or unset DEVENV_MIRROR.`,
  })
}
