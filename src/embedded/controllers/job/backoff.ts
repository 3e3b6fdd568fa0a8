/** How long a Job waits after a failed pod before it makes another: 10 s, doubling, up to 10 min. */

import type { KubeObject } from '../../objects.ts'
import type { Pod } from '../shared/pods.ts'
import { finishedAt, isFailed } from './pods.ts'

const BASE_MS = 10_000
const MAX_MS = 600_000

/** Milliseconds to wait, 0 for none. `all` are the Job's pods that still exist, ended ones included. */
export function backoffMs(job: KubeObject, all: Pod[], now: number): number {
  const succeeded = all.filter((pod) => pod.status?.phase === 'Succeeded')
  const lastSuccess = Math.max(0, ...succeeded.map(finishedAt))
  const failures = all
    .filter((pod) => isFailed(job, pod))
    .map(finishedAt)
    .filter((time) => time > lastSuccess)
  if (failures.length === 0) return 0
  const delay = Math.min(MAX_MS, BASE_MS * 2 ** (failures.length - 1))
  return Math.max(0, Math.max(...failures) + delay - now)
}
