/** How pinned files are had in a run. */
import type { FetchOptions } from '../lib/download/artifact.ts'
import { cacheDir } from '../lib/paths.ts'
import type { UpOptions } from './options.ts'

/** From the cache, a mirror or their own addresses, as flags and variables say. */
export function fetchOptions(
  { offline }: UpOptions,
  progress: (what: string) => void,
  signal: AbortSignal,
): FetchOptions {
  return { cacheDir: cacheDir(), env: process.env, offline: offline === true, onProgress: progress, signal }
}
