/** Traffic routers of a canary: what each of them is told, and what the status says of it. */
import type { KubeObject } from '../../../objects.ts'
import { sameJson } from '../../shared/json.ts'
import { currentStep } from '../canary/steps.ts'
import { isAborted, planEvent, type RolloutPlan } from '../plan.ts'
import { availableReplicas, hashOf, revisionOf } from '../replica-sets.ts'
import { isProgressed } from '../replicas/threshold.ts'
import { findService, selectedHash, switchService } from '../services/switch.ts'
import { desiredReplicas, maxTrafficWeight } from '../spec.ts'
import { isPromoted } from '../status/progress.ts'
import type { TrafficWeights, WeightDestination } from '../types.ts'
import { routeAlb } from './alb.ts'
import { removeAlbRoutes, setAlbHeaderRoute } from './alb-routes.ts'
import { desiredWeight, isRollingBackToStable } from './desired-weight.ts'
import { routeNginx } from './nginx.ts'

/** Plans the writes to the routers' objects, and sets the weights of the status. */
export function reconcileTraffic(plan: RolloutPlan): void {
  const { rollout, before, newSet, stableSet } = plan
  const { canary } = rollout.spec.strategy
  const { nginx, alb } = canary.trafficRouting ?? {}
  if (!nginx && !alb) {
    plan.weights = undefined
    return
  }
  const weight = desiredWeight(plan)
  if (isAborted(plan) && stableSet && (weight === 0 || !canary.dynamicStableScale)) pointBack(plan, stableSet)
  if (alb && losesRoutes(plan)) removeAlbRoutes(plan)
  const additional = experimentWeights(plan)
  if (!canStableCarry(plan, maxTrafficWeight(rollout) - weight)) return
  if (nginx) routeNginx(plan, weight)
  if (alb) {
    setHeaderRoute(plan)
    routeAlb(plan, weight, additional)
  }
  const canaryHash = isRollingBackToStable(plan)
    ? before.canary?.weights?.canary.podTemplateHash
    : hashOf(newSet)
  const weights = weightsOf(plan, weight, canaryHash, additional)
  const { verified: _verified, ...known } = before.canary?.weights ?? {}
  if (before.canary?.weights && sameJson(known, weights)) return
  tellWeights(plan, weights)
  plan.weights = weights
}

/** Managed routes end with the update, with its abort, and while the canary has no pod. */
function losesRoutes(plan: RolloutPlan): boolean {
  const { before, newSet } = plan
  if (isRollingBackToStable(plan)) return false
  return (
    isPromoted(before) || isAborted(plan) || availableReplicas(newSet) === 0 || before.promoteFull === true
  )
}

/** On the first deploy there is nothing to route past. */
function setHeaderRoute(plan: RolloutPlan): void {
  const { step } = currentStep(plan.rollout, plan.before)
  if (step?.setHeaderRoute && revisionOf(plan.rollout) > 1) setAlbHeaderRoute(plan, step.setHeaderRoute)
}

/** The canary's Service leaves the canary at once: its pods may go any moment. */
function pointBack(plan: RolloutPlan, stableSet: KubeObject): void {
  const service = findService(plan, plan.rollout.spec.strategy.canary.canaryService)
  if (service && selectedHash(service) !== hashOf(stableSet)) switchService(plan, service, hashOf(stableSet))
}

function canStableCarry({ rollout, stableSet }: RolloutPlan, weight: number): boolean {
  if (!stableSet) return false
  const pods = Math.trunc((weight * desiredReplicas(rollout)) / maxTrafficWeight(rollout))
  const threshold = rollout.spec.strategy.canary.replicaProgressThreshold
  return availableReplicas(stableSet) >= pods || isProgressed(threshold, stableSet, pods)
}

/** The shares of the templates of a running Experiment step. */
function experimentWeights({ rollout, before, currentExperiment }: RolloutPlan): WeightDestination[] {
  const { step } = currentStep(rollout, before)
  const { phase, templateStatuses = [] } = currentExperiment?.status ?? {}
  if (phase !== 'Running') return []
  return (step?.experiment?.templates ?? []).flatMap(({ name, weight }): WeightDestination[] => {
    const status = templateStatuses.find((one: { name: string }) => one.name === name)
    if (weight === undefined || !status) return []
    return [{ weight, serviceName: status.serviceName, podTemplateHash: status.podTemplateHash }]
  })
}

function weightsOf(
  { rollout, stableSet }: RolloutPlan,
  weight: number,
  canaryHash: string | undefined,
  additional: WeightDestination[],
): TrafficWeights {
  const { canaryService, stableService } = rollout.spec.strategy.canary
  const others = additional.reduce((sum, destination) => sum + destination.weight, 0)
  return {
    canary: { weight, ...named(canaryService, canaryHash) },
    stable: {
      weight: maxTrafficWeight(rollout) - weight - others,
      ...named(stableService, hashOf(stableSet)),
    },
    ...(additional.length > 0 ? { additional } : {}),
  }
}

function named(serviceName: string | undefined, podTemplateHash: string | undefined) {
  return { ...(serviceName ? { serviceName } : {}), ...(podTemplateHash ? { podTemplateHash } : {}) }
}

function tellWeights(plan: RolloutPlan, { canary, additional }: TrafficWeights): void {
  const previous = plan.before.canary?.weights
  const details: string[] = []
  if (!previous) details.push(`to ${canary.weight}`)
  else if (previous.canary.weight !== canary.weight) {
    details.push(`from ${previous.canary.weight} to ${canary.weight}`)
  }
  if (previous && !sameJson(previous.additional, additional)) {
    details.push(`additional: ${JSON.stringify(additional ?? [])}`)
  }
  planEvent(plan, 'TrafficWeightUpdated', `Traffic weight updated ${details.join(', ')}`)
}
