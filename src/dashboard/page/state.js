/** What the page knows: one signal for each thing that changes on its own. */
import { batch, signal } from '/modules/signals.js'

/** @import { Sample, Snapshot } from '../snapshot.ts' */
/** @import { LoadState } from '../load-desk.ts' */

/** @type {import('/modules/signals.js').Signal<Snapshot | undefined>} */
export const snapshot = signal(undefined)
/** @type {import('/modules/signals.js').Signal<readonly Sample[]>} */
export const samples = signal([])
/** @type {import('/modules/signals.js').Signal<LoadState>} */
export const load = signal({ phase: 'idle' })
/** `refused`: the token is not the right one, and trying again would not help.
 * @type {import('/modules/signals.js').Signal<'connecting' | 'live' | 'lost' | 'refused'>} */
export const connection = signal('connecting')
/** What the last press of a button led to.
 * @type {import('/modules/signals.js').Signal<{ text: string, bad: boolean } | undefined>} */
export const notice = signal(undefined)
/** @type {import('/modules/signals.js').Signal<{ kind: 'why' | 'log', name: string } | undefined>} */
export const dialog = signal(undefined)

/** Ten minutes, as the server keeps. */
const MOST_SAMPLES = 600

/** @type {Record<string, (data: any) => void>} */
const EVENTS = {
  history: (data) => {
    samples.value = data
  },
  snapshot: (data) => {
    snapshot.value = data
  },
  sample: (data) => {
    // A snapshot that is told again after a reconnect is in the history already.
    if (data.at <= (samples.value.at(-1)?.at ?? 0)) return
    samples.value = [...samples.value, data].slice(-MOST_SAMPLES)
  },
  load: (data) => {
    load.value = data
  },
  trouble: (data) => {
    notice.value = { text: data, bad: true }
  },
}

/** Takes an event of the stream. @param {string} event @param {any} data */
export function take(event, data) {
  batch(() => EVENTS[event]?.(data))
}
