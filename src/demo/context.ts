/** What steps are given: the environment's parts, waits that end with the step, loads that are watched. */
import { DevenvError } from '../lib/errors.ts'
import { reachBroker } from '../lib/rabbitmq.ts'
import { type LoadOptions, startLoad } from '../load/start.ts'
import { release } from '../release/release.ts'
import type { Observer } from './observer.ts'
import { type RunningLoad, runningLoad } from './running-load.ts'
import type { DemoContext, LoadRequest, RotationStage } from './step.ts'

export interface Given
  extends Pick<DemoContext, 'record' | 'kube' | 'live' | 'stack' | 'bounds' | 'releases'> {
  checkout: string
  observer: Observer
  rotateBroker(signal: AbortSignal): Promise<RotationStage[]>
  said(text: string): void
}

const REQUEST_TIMEOUT_MS = 60_000
/** A load that is still under way then hangs. */
const LOAD_TIMEOUT_MS = 15 * 60_000

/** `loads` collects what is started. */
export function contextOf(
  given: Given,
  shared: DemoContext['shared'],
  signal: AbortSignal,
  loads: RunningLoad[],
): DemoContext {
  const { record, kube, live, stack, bounds, releases, observer } = given
  return {
    record,
    kube,
    live,
    stack,
    bounds,
    releases,
    signal,
    shared,
    now: () => observer.now(),
    say: (text) => given.said(text),
    until: (probe) => live.until(probe, { signal }),
    pause: (ms) => pause(ms, signal),
    undo: () => undefined,
    load(request) {
      const running = startObserved(given, request)
      loads.push(running)
      return running
    },
    broker: () => reachBroker(record, kube),
    release: (tag) => release(record, kube, 'core-api', tag),
    rotateBroker: () => given.rotateBroker(signal),
  }
}

function startObserved({ record, checkout, stack, observer }: Given, request: LoadRequest): RunningLoad {
  const options: LoadOptions = {
    ...request,
    queue: stack.queue.alias,
    profile: request.rate === undefined ? 'burst' : 'steady',
    timeoutMs: LOAD_TIMEOUT_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    checkout,
  }
  return runningLoad(({ onTick, ...signals }) =>
    startLoad(record, options, {
      ...signals,
      onTick(view) {
        observer.feed(view, request.via)
        onTick(view)
      },
    }),
  )
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(end, ms)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(new DevenvError('INTERRUPTED', 'interrupted'))
      else resolve()
    }
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}
