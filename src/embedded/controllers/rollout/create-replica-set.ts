/** The ReplicaSet of a new template: made, or why it could not be made. */
import { messageOf } from '../../../lib/errors.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { controllerRef } from '../shared/owners.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { DESIRED_REPLICAS, EPHEMERAL_METADATA, HASH_LABEL } from './names.ts'
import { eventOn, firstSight, putCondition } from './plan.ts'
import { withStableAntiAffinity } from './pods/anti-affinity.ts'
import { metadataRoles, withMetadata } from './pods/ephemeral-metadata.ts'
import { maxRevision } from './replica-sets.ts'
import { newReplicaSetAnnotations, setRolloutRevision } from './revision.ts'
import { desiredReplicas } from './spec.ts'
import { statusPatch } from './status/patch.ts'
import { withPhase } from './status/phase.ts'
import { rolloutHash } from './template.ts'
import type { RolloutStatus } from './types.ts'

/** Creates it without replicas: the strategy scales it. What else is written follows from the creation. */
export function createNewReplicaSet(rollout: KubeObject, replicaSets: KubeObject[], now: number): Change[] {
  const revision = maxRevision(replicaSets) + 1
  const object = replicaSetManifest(rollout, revision)
  const { name } = object.metadata
  const status: RolloutStatus = { ...rollout.status }
  const message = `Created new replica set "${name}"`
  putCondition(status, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message }, now)
  return [
    { verb: 'create', resource: REPLICA_SETS, object },
    ...(replicaSets.length > 0 ? [] : firstSight(rollout)),
    ...setRolloutRevision(rollout, revision),
    eventOn(rollout, 'NewReplicaSetCreated', `Created ReplicaSet ${name} (revision ${revision})`),
    ...statusPatch(rollout, status),
  ]
}

function replicaSetManifest(rollout: KubeObject, revision: number): Manifest {
  const { template, selector, minReadySeconds } = rollout.spec
  const hash = rolloutHash(rollout)
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  const roles = metadataRoles(rollout)
  const injected = rollout.status?.stableRS ? roles?.fresh : roles?.stable
  const metadata = withMetadata({ ...template.metadata, labels }, undefined, injected)
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${rollout.metadata.name}-${hash}`,
      namespace: rollout.metadata.namespace,
      labels,
      annotations: {
        ...newReplicaSetAnnotations(rollout, {}, revision),
        [DESIRED_REPLICAS]: String(desiredReplicas(rollout)),
        ...(injected ? { [EPHEMERAL_METADATA]: JSON.stringify(injected) } : {}),
      },
      ownerReferences: [controllerRef(rollout)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: structuredClone({ ...template, metadata, spec: withStableAntiAffinity(rollout, hash) }),
    },
  }
}

/** The name is taken by a different template: the next try hashes with a higher collisionCount. */
export function countCollision(rollout: KubeObject): Change[] {
  const collisionCount = (rollout.status?.collisionCount ?? 0) + 1
  return statusPatch(rollout, { ...rollout.status, collisionCount })
}

/** Progressing False and a warning, with the API's own words. */
export function reportCreateFailure(
  rollout: KubeObject,
  replicaSet: Manifest,
  thrown: unknown,
  now: number,
): Change[] {
  const reason = 'ReplicaSetCreateError'
  const message = `Failed to create new replica set "${replicaSet.metadata.name}": ${messageOf(thrown)}`
  const status: RolloutStatus = { ...rollout.status }
  putCondition(status, { type: 'Progressing', status: 'False', reason, message }, now)
  return [eventOn(rollout, reason, message, 'Warning'), ...statusPatch(rollout, withPhase(rollout, status))]
}
