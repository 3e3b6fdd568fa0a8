/** The engine's clock beside this machine's: that of a virtual machine stands still while it sleeps. */
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { formatDuration } from '../../lib/duration.ts'
import { DevenvError } from '../../lib/errors.ts'

/** Less is the time that an answer takes. */
const TOLD_MS = 5_000
/** k3s dates its certificates back by an hour (dynamiclistener, CalculateNotBefore); less some time to start. */
const LONGEST_AHEAD_MS = 55 * 60_000

/**
 * Tells of clocks that differ. Throws PREFLIGHT where the engine's is so far ahead that this machine would take a new
 * cluster's certificates for not yet valid.
 */
export function checkClock(
  { product, SystemTime }: Pick<EngineInfo, 'product' | 'SystemTime'>,
  { now, isNew }: { now: number; isNew: boolean },
  progress: (what: string) => void,
): void {
  const aheadMs = Date.parse(SystemTime ?? '') - now
  if (!(Math.abs(aheadMs) >= TOLD_MS)) return
  const by = formatDuration(Math.abs(aheadMs))
  const differs = `the clock of ${product} is ${by} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`
  if (isNew && aheadMs > LONGEST_AHEAD_MS)
    throw new DevenvError('PREFLIGHT', `${differs}: certificates of a new cluster would not be valid yet`, {
      fix: `Set this machine's clock right, or restart ${product}, which sets its own.`,
    })
  progress(`${differs}; a restart of ${product} sets it right`)
}
