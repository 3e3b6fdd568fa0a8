/** Requests through core-api while something is released: what a user would notice. */
import http from 'node:http'
import { text } from 'node:stream/consumers'
import type { RunningLoad } from './running-load.ts'
import type { DemoContext } from './step.ts'

const RATE = 5
/** More than the longest step sends: the traffic ends when the step says so. */
const MOST = 1_000_000
const TASK_MS = 50

/** Starts it, and resolves when the first answers came: the workers are up, so that what follows is the release's. */
export async function openTraffic({ load, signal, say }: DemoContext): Promise<RunningLoad> {
  const traffic = load({ messages: MOST, rate: RATE, taskMs: TASK_MS, wait: false, via: 'core-api' })
  await traffic.until(
    'the first answer through core-api',
    ({ queues: [queue] }) => queue!.account.ledger.replied + queue!.account.ledger.failed > 0,
    signal,
  )
  say(`${RATE} requests a second go through core-api`)
  return traffic
}

/** Requests so far that failed or were answered with an error. */
export function badRequests({ view }: RunningLoad): number {
  return (view?.queues ?? []).reduce((sum, { account }) => sum + account.errors + account.ledger.failed, 0)
}

/** Enough connections to meet both of two pods, all but certainly. */
const ASKS = 12
const ASK_MS = 10_000

/** Which versions answer through the Service: a connection of its own for each question. */
export async function versionsServed(coreApi: string, signal: AbortSignal): Promise<string[]> {
  const tags = await Promise.all(Array.from({ length: ASKS }, () => version(coreApi, signal)))
  return [...new Set(tags)].sort()
}

function version(coreApi: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)])
    http
      .get(`${coreApi}/version`, { agent: false, signal: within }, (response) => {
        text(response).then((body) => resolve(String(JSON.parse(body).version)), reject)
      })
      .on('error', reject)
  })
}
