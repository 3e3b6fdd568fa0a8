/** Bytes from an HTTP server into a file: resumed where an earlier try ended, through the proxies of the environment. */
import { createWriteStream } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { DevenvError } from '../errors.ts'
import { proxyAgent } from '../proxies.ts'
import { HttpFailure, transferFailure, truncated } from './failure.ts'

const ATTEMPTS = 3
const IDLE_TIMEOUT_MS = 30_000
/** What is busy, or starts, or has lost its way to a name, may be well after some seconds. */
const RETRY_PAUSE_MS = 1000
const MEGABYTE = 1_000_000

interface TransferOptions {
  /** Before the second try, and twice as long before the third. */
  retryPauseMs?: number
  env: Record<string, string | undefined>
  onProgress?: (what: string) => void
  signal?: AbortSignal
}

/**
 * Downloads into `part`, which keeps what has come when the connection ends: the next try, also of a later
 * process, asks for the rest only. Throws DOWNLOAD_FAILED after three tries, at once when a try is pointless.
 */
export async function transferTo(
  part: string,
  url: string,
  title: string,
  options: TransferOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(part, url, title, options)
    } catch (thrown) {
      if (options.signal?.aborted)
        throw new DevenvError('INTERRUPTED', `interrupted while downloading ${title}`)
      const failure = transferFailure(thrown, url, title, options.env)
      if (attempt >= ATTEMPTS || !failure.worthRetry) throw failure.error
      options.onProgress?.(`${failure.error.message}; trying again`)
      await setTimeout(attempt * (options.retryPauseMs ?? RETRY_PAUSE_MS), undefined, pauseOf(options))
    }
  }
}

function pauseOf({ signal }: TransferOptions) {
  return signal ? { signal } : {}
}

/** A copy, so that a file of a mirror that changes under us is checked as we read it. */
export async function copyTo(part: string, source: string, title: string): Promise<void> {
  try {
    await copyFile(source, part)
  } catch (thrown) {
    throw transferFailure(thrown, source, title).error
  }
}

async function once(part: string, url: string, title: string, options: TransferOptions): Promise<void> {
  const { fetch } = await import('undici')
  const have = (await stat(part).catch(() => undefined))?.size ?? 0
  const dispatcher = await proxyAgent(url, options.env, { idleMs: IDLE_TIMEOUT_MS })
  try {
    const response = await fetch(url, {
      dispatcher,
      // Compressed on the way would be other bytes than were pinned, and could not be resumed.
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      ...(options.signal ? { signal: options.signal } : {}),
    })
    // 416: the part is as long as the file, or longer; the checksum tells, and a wrong one starts anew.
    if (response.status === 416) return await startAnew(part, have, response.headers.get('content-range'))
    if (!response.ok || !response.body) throw new HttpFailure(response.status, response.statusText)
    const resumed = response.status === 206
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const total = Number.isNaN(length) ? undefined : length + (resumed ? have : 0)
    const meter = progressMeter(title, resumed ? have : 0, total, options.onProgress)
    await pipeline(
      Readable.fromWeb(response.body as never),
      meter.count,
      createWriteStream(part, { flags: resumed ? 'a' : 'w', mode: 0o600 }),
    )
    if (total !== undefined && meter.bytes() < total) throw truncated(url, title, meter.bytes(), total)
  } finally {
    await dispatcher.destroy().catch(() => undefined)
  }
}

/** The server's answer to a range that begins at the end of the file names the file's size. */
async function startAnew(part: string, have: number, contentRange: string | null): Promise<void> {
  if (contentRange === `bytes */${have}`) return
  await rm(part, { force: true })
  throw new HttpFailure(416, 'what was downloaded before is longer than the file')
}

function progressMeter(
  title: string,
  from: number,
  total: number | undefined,
  tell?: (what: string) => void,
) {
  let bytes = from
  let told = 0
  return {
    bytes: () => bytes,
    async *count(source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        bytes += chunk.length
        const percent = total ? Math.floor((bytes / total) * 100) : 0
        if (percent >= told + 10) {
          told = percent
          tell?.(`${title}: ${percent} % of ${(total! / MEGABYTE).toFixed(1)} MB`)
        }
        yield chunk
      }
    },
  }
}
