/** Whether a rotated password got everywhere, and KEDA scales with it. Pure. */
import { formatDuration } from '../../lib/duration.ts'
import type { QueueReport } from '../../load/report.ts'
import type { Evidence } from '../report.ts'
import type { RotationStage } from '../step.ts'
import { headline } from './scaling.ts'

export interface Rotation {
  stages: readonly RotationStage[]
  tookMs: number
  /** The Secret in the cluster holds another password than before. */
  secretChanged: boolean
  /** The broker refuses the old password. */
  oldRefused: boolean
  /** Events of KEDA that say it was refused with what it had cached. */
  refusals: number
  /** The ScaledObject had to be touched before KEDA read the Secret again. */
  nudged: boolean
  /** Replicas seen under the messages sent afterwards. */
  peak: number
}

export function assertRotation(rotation: Rotation, queue: QueueReport): Evidence {
  const { stages, tookMs, secretChanged, oldRefused, refusals, nudged, peak } = rotation
  return {
    checks: [
      {
        text: 'the new password is in the Secret',
        ok: secretChanged,
        actual: secretChanged ? `after ${formatDuration(tookMs)}, ${stages.length} stages` : 'the old one',
      },
      {
        text: 'the broker refuses the old one',
        ok: oldRefused,
        actual: oldRefused ? 'refused' : 'still accepted',
      },
      {
        text: 'KEDA scales with the new one',
        ok: peak > 0,
        actual: `${trap(refusals, nudged)}: ${peak} workers`,
      },
      {
        text: 'every message is answered',
        ok: queue.published > 0 && queue.replied === queue.published && queue.lost === 0,
        actual: `${queue.replied} of ${queue.published}`,
      },
    ],
    measures: headline('rotation', 'password rotated everywhere', tookMs),
  }
}

/** What the known trap did: KEDA keeps credentials as long as it can. */
function trap(refusals: number, nudged: boolean): string {
  const caught =
    refusals === 0 ? 'it was not caught with the old one' : `refused ${refusals} × with the old one`
  return nudged
    ? `${caught}, it read the Secret again only when its ScaledObject was touched`
    : `${caught}, then it read the Secret again`
}
