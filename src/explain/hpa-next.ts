/** What an HPA does next, and what would make it do something else. */
import type { Reading } from './metric.ts'
import type { Next } from './why.ts'
import { count, span } from './words.ts'

/** Kubernetes' default for --horizontal-pod-autoscaler-sync-period; the API does not tell the real one. */
const SYNC_SECONDS = 15

export interface HpaStep {
  current: number
  /** Asked for by the metrics, within the bounds. */
  bounded: number
  /** As far as the policies let the next look go. */
  reached: number
  min: number
  max: number
}

/** Windows in seconds; `syncSeconds` undefined: Kubernetes' default is named as such. */
export function nextLook(
  reading: Reading | undefined,
  { current, bounded, reached, min, max }: HpaStep,
  upWindow: number,
  downWindow: number,
  syncSeconds?: number,
): Next {
  const sync = syncSeconds ?? SYNC_SECONDS
  const every = syncSeconds === undefined ? `every ${SYNC_SECONDS} s by default` : `every ${span(sync)} here`
  if (reached > current) {
    const text = `At the HPA's next look (${every}) it goes from ${current} to ${reached}.`
    return { atSeconds: sync + upWindow, text }
  }
  if (reached < current) {
    const at = sync + downWindow
    return {
      atSeconds: at,
      text: `Within ${span(at)} the HPA goes from ${current} to ${reached}, if nothing asks for more.`,
    }
  }
  if (bounded !== current) {
    return { text: `Nothing: its behavior forbids that direction; ${count(current, 'replica')} stay.` }
  }
  const more = current < max ? `${reading?.above} asks for more` : `${max} is the maximum (raise it for more)`
  const fewer = current > min ? `${reading?.below} for fewer` : `${min} is the minimum`
  return { text: `The HPA keeps ${current}: ${more}; ${fewer}.` }
}
