/** Whether Argo CD took back what somebody changed, and left alone what is KEDA's. Pure. */
import type { Bounds } from '../bounds.ts'
import type { Evidence } from '../report.ts'
import { headline, within } from './scaling.ts'

export interface Drift {
  /** What was changed by hand: `Deployment X, label Y`. */
  what: string
  /** From the change to git's value being back; null: never. */
  healedMs: number | null
  /** Replicas of the same Deployment when it was changed, and the fewest until it was healed. */
  replicasBefore: number
  replicasLeast: number
  /** Sync status at the end. */
  sync: string
}

export const HEAL_MS = 30_000

export function assertDrift(drift: Drift, { tolerance }: Bounds): Evidence {
  const { what, healedMs, replicasBefore, replicasLeast, sync } = drift
  return {
    checks: [
      within(`${what}: healed`, healedMs, HEAL_MS * tolerance),
      {
        text: 'the replicas that KEDA asked for stay',
        ok: replicasBefore > 0 && replicasLeast >= replicasBefore,
        actual: `${replicasBefore} before, never fewer than ${replicasLeast}`,
      },
      { text: 'the Application is Synced', ok: sync === 'Synced', actual: sync },
    ],
    measures: headline('drift', 'drift healed', healedMs),
  }
}
