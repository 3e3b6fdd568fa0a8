/** Ends a workload on SIGTERM or SIGINT: finishes its work, then exits 0. */
import type { Log } from './log.ts'
import { reasonOf } from './log.ts'

/** Calls `finish` once, at the first signal; the kubelet's SIGKILL is what bounds it. */
export function onShutdown(log: Log, finish: () => Promise<void>) {
  let ending = false
  const end = (signal: string) => {
    if (ending) return
    ending = true
    log.info('ending', { signal })
    finish().then(
      () => {
        log.info('ended')
        process.exit(0)
      },
      (thrown) => {
        log.error('could not end cleanly', { reason: reasonOf(thrown) })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}
