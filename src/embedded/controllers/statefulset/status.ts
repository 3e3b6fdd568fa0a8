/** A StatefulSet's status, from its pods. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { compact } from '../shared/json.ts'
import { isAvailable, isFinished, isReady, isTerminating, type Pod } from '../shared/pods.ts'
import { STATEFUL_SETS } from '../shared/resources.ts'
import { countOrOmit, statusChanges } from '../shared/status.ts'
import { REVISION_LABEL } from './identity.ts'
import type { Revisions } from './revisions.ts'

/** Counters and revisions; a finished update makes the update revision the current one. */
export function statusChange(set: KubeObject, all: Pod[], revisions: Revisions, now: number): Change[] {
  const pods = all.filter((pod) => !isFinished(pod))
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const ready = pods.filter(isReady)
  const staying = pods.filter((pod) => !isTerminating(pod))
  const of = (revision: string) => staying.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision)
  const updated = of(revisions.update).length
  const replicas = set.spec.replicas ?? 1
  const done = updated === replicas && pods.length === replicas && ready.length === replicas
  const current = done ? revisions.update : revisions.current
  const status = compact({
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: countOrOmit(ready.length),
    currentReplicas: countOrOmit(of(current).length),
    updatedReplicas: countOrOmit(updated),
    availableReplicas: ready.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
    currentRevision: current,
    updateRevision: revisions.update,
    collisionCount: set.status?.collisionCount ?? 0,
  })
  return statusChanges(STATEFUL_SETS, set, status)
}
