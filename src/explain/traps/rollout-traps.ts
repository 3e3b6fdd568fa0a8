/** Known traps of canaries: weights by replicas, an HPA in between, undo under GitOps. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { currentWeight } from '../../rollout/weight.ts'
import { canaryTargets, surges } from '../canary-arithmetic.ts'
import { type Snapshot, scales } from '../snapshot.ts'
import type { Trap } from '../why.ts'
import { applicationOf } from './gitops.ts'

/** Percentage points off the asked weight from which people wonder. */
const COARSE = 10

export function rolloutTraps(rollout: KubeObject, snapshot: Snapshot): Trap[] {
  const { spec, status = {} } = rollout
  if (!spec.strategy?.canary) return []
  const underWay = status.stableRS !== undefined && status.stableRS !== status.currentPodHash
  if (!underWay) return []
  return [
    ...(status.abort ? undoIsReverted(rollout, snapshot) : coarseWeight(rollout)),
    ...(status.abort ? [] : hpaDuringCanary(rollout, snapshot)),
  ]
}

function coarseWeight(rollout: KubeObject): Trap[] {
  const { canary } = rollout.spec.strategy
  if (canary.trafficRouting) return []
  const { setWeight } = currentWeight(rollout, undefined)
  const replicas: number = rollout.spec.replicas ?? 1
  const targets = canaryTargets(replicas, setWeight, surges(canary.maxSurge))
  const share = Math.round((100 * targets.canary) / Math.max(1, targets.canary + targets.stable))
  if (Math.abs(share - setWeight) < COARSE) return []
  return [
    {
      code: 'weight-by-replicas',
      text: `The step says ${setWeight} %, but with ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} and no traffic router the canary gets ${share} % of the requests.`,
      fix: 'More replicas make the steps finer; a traffic router (spec.strategy.canary.trafficRouting) makes them exact.',
    },
  ]
}

function hpaDuringCanary(rollout: KubeObject, snapshot: Snapshot): Trap[] {
  const scaler = [...snapshot.scaledObjects, ...snapshot.hpas].find((one) => scales(one, rollout))
  if (!scaler || rollout.spec.strategy.canary.trafficRouting) return []
  return [
    {
      code: 'hpa-during-canary',
      text: `${scaler.kind} ${scaler.metadata.name} may change the replicas amid the canary: each change moves the canary's share without any step being taken.`,
      fix: 'Take minReplicas high enough for a release, or use a traffic router: weights do not depend on replicas then.',
    },
  ]
}

function undoIsReverted(rollout: KubeObject, snapshot: Snapshot): Trap[] {
  const application = applicationOf(rollout, snapshot)
  if (!application) return []
  return [
    {
      code: 'undo-under-gitops',
      text: `Argo CD (${application.metadata.name}) syncs this Rollout: \`undo\` changes the template in the cluster only, and self-heal puts that of git back.`,
      fix: 'Revert the commit in git: Argo CD then brings the old template, and the Rollout goes back without steps.',
    },
  ]
}
