/** Programs that end again and again: between two crashes a pod without a probe looks ready. */
import type { KubeObject } from '../../lib/kube/object.ts'
import type { Missing } from './conditions.ts'

/** One crash is a start that lost a race with what it needs. */
const CRASHES = 2
/** Whoever runs for this long after a crash is taken for mended, in milliseconds. */
const SETTLED_MS = 10_000

/** `pod x: container y crashed 3 times (exit code 1)`, while that may go on. Times in milliseconds. */
export function crashing(pods: KubeObject[], now: number): Missing {
  for (const { metadata, status } of pods) {
    for (const { name, restartCount = 0, state, lastState } of status?.containerStatuses ?? []) {
      const { exitCode = 0 } = lastState?.terminated ?? {}
      if (restartCount < CRASHES || exitCode === 0) continue
      const runsSince = Date.parse(state?.running?.startedAt ?? '')
      if (now - runsSince >= SETTLED_MS) continue
      return `pod ${metadata.name}: container ${name} crashed ${restartCount} times (exit code ${exitCode})`
    }
  }
  return undefined
}
