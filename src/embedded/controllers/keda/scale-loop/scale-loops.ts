/** The scale loops: one per ScaledObject, a check at once and then one per polling interval. */
import { type Timer, untilBeat } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import { keyOf, parseKey } from '../../../objects.ts'
import { emit } from '../emit.ts'
import { pollingMs } from '../replica-bounds.ts'
import { SCALED_OBJECTS } from '../resources.ts'
import type { ScaledObject } from '../types.ts'
import { type CheckTools, check } from './check.ts'

interface Loop {
  generation: number
  stopped: boolean
  timer?: Timer
}

export class ScaleLoops {
  readonly #loops = new Map<string, Loop>()
  readonly #tools: CheckTools

  constructor(tools: CheckTools) {
    this.#tools = tools
    tools.context.signal.addEventListener('abort', () => {
      for (const key of [...this.#loops.keys()]) void this.stop(key)
    })
  }

  /** The generation that the running loop was started for. */
  generation(key: string): number | undefined {
    return this.#loops.get(key)?.generation
  }

  /** Starts a loop, ending the one that runs. */
  async start(scaledObject: ScaledObject): Promise<void> {
    const key = keyOf(scaledObject)
    const first = !this.#loops.has(key)
    const generation = scaledObject.metadata.generation ?? 0
    await this.stop(key, generation)
    const loop: Loop = { generation, stopped: false }
    this.#loops.set(key, loop)
    if (first)
      emit(this.#tools.context, scaledObject, 'Normal', 'KEDAScalersStarted', 'Started scalers watch')
    void this.#round(key, loop, pollingMs(scaledObject.spec))
  }

  /** Ends the loop and forgets its scalers, but for those already built for the generation that follows. */
  async stop(key: string, next?: number): Promise<void> {
    const loop = this.#loops.get(key)
    if (!loop) return
    this.#loops.delete(key)
    loop.stopped = true
    loop.timer?.cancel()
    this.#tools.records.drop(key)
    if (next === undefined || next === loop.generation) await this.#tools.cache.clear(key)
  }

  async #round(key: string, loop: Loop, intervalMs: number): Promise<void> {
    const { client, clock, log } = this.#tools.context
    const startedMs = clock.now()
    try {
      const { namespace, name } = parseKey(key)
      // Each check reads the object anew: annotations take effect without a restart.
      const scaledObject = client.get(SCALED_OBJECTS, namespace, name) as ScaledObject | undefined
      if (scaledObject && !scaledObject.metadata.deletionTimestamp) {
        await check(scaledObject, this.#tools, () => loop.stopped)
      }
    } catch (thrown) {
      log.warn(`check of ${key} failed: ${messageOf(thrown)}`)
    }
    if (loop.stopped) return
    // From start to start: a check that was slower than the interval is followed at once by the next.
    const wait = Math.max(0, startedMs + untilBeat(startedMs, intervalMs) - clock.now())
    loop.timer = clock.after(wait, () => void this.#round(key, loop, intervalMs))
  }
}
