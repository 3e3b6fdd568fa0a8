/** The page that `up` leaves running: whether it answers, how it is ended, and when it ends by itself. */
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pageUrl, readAccess } from './access.ts'

const ANSWER_MS = 1_000
const END_MS = 2_000
const LOOK_MS = 20

/** The page's address with its token, if it is being served now from this state folder. */
export async function servedPage(stateDirectory: string): Promise<string | undefined> {
  if (!existsSync(stateDirectory)) return undefined
  const { port, token } = await readAccess(stateDirectory)
  if (port === undefined || (await ask('GET', port, token)) !== 200) return undefined
  return pageUrl(port, token)
}

/** Ends the page and waits until its port is closed, two seconds at most. Nothing happens where there is none. */
export async function endPage(stateDirectory: string): Promise<void> {
  if (!existsSync(stateDirectory)) return
  const { port, token } = await readAccess(stateDirectory)
  if (port === undefined || (await ask('DELETE', port, token)) !== 202) return
  const deadline = Date.now() + END_MS
  while (Date.now() < deadline && (await ask('GET', port, token)) !== undefined) await sleep(LOOK_MS)
}

/** Aborts once the state folder has gone: `down`, or the end of `--ttl`. No polling: the folder above is watched. */
export function goneSignal(stateDirectory: string): AbortSignal {
  const gone = new AbortController()
  const look = () => {
    if (!existsSync(stateDirectory)) gone.abort()
  }
  const watcher = watch(dirname(stateDirectory), look)
  watcher.on('error', look)
  gone.signal.addEventListener('abort', () => watcher.close(), { once: true })
  look()
  return gone.signal
}

/** The status, or undefined when nobody answers or another program does not know the token's page. */
async function ask(method: 'GET' | 'DELETE', port: number, token: string): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/page`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}

/** Resolves at the first of the signals to abort. */
export async function firstAborted(...signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals)
  if (!any.aborted) await once(any, 'abort')
}
