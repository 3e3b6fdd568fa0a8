/** The templates of an Experiment: their ReplicaSets scaled, their statuses brought up to date. */
import { rfc3339 } from '../../../../lib/clock.ts'
import type { KubeObject } from '../../../objects.ts'
import { REPLICA_SETS, SERVICES } from '../../shared/resources.ts'
import { HASH_LABEL, SCALE_DOWN_DEADLINE } from '../names.ts'
import { availableReplicas, scaleDownDeadline, specReplicas, statusReplicas } from '../replica-sets.ts'
import {
  type ExperimentPlan,
  isOver,
  isTemplateCompleted,
  progressDeadlineSeconds,
  requeueAt,
  tell,
  templateReplicas,
  templateStatus,
} from './plan.ts'
import type { ExperimentTemplate, TemplateStatus } from './types.ts'

/** Scales the template's ReplicaSet, ends its Service, and judges how the template does. */
export function reconcileTemplate(plan: ExperimentPlan, template: ExperimentTemplate): TemplateStatus {
  const { experiment, before, refused } = plan
  const previous = templateStatus(before, template.name)
  const replicaSet = plan.replicaSets.get(template.name)
  const desired = templateReplicas(experiment, before, template)
  const status = { ...counted(template.name, replicaSet), ...kept(previous), ...serviceOf(plan, template) }
  const why = refused.get(template.name)
  if (why !== undefined) Object.assign(status, { status: 'Error', message: why })
  const resized = replicaSet !== undefined && scale(plan, replicaSet, template, desired)
  if (resized || !sameCounts(previous, status)) status.lastTransitionTime = rfc3339(plan.now)
  judge(plan, status, desired)
  if (previous?.status !== status.status) tellTransition(plan, previous, status)
  return status
}

function counted(name: string, replicaSet: KubeObject | undefined) {
  const replicas = replicaSet ? statusReplicas(replicaSet) : 0
  return {
    name,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicaSet?.status?.readyReplicas ?? 0,
    availableReplicas: replicaSet ? availableReplicas(replicaSet) : 0,
  }
}

function kept(previous: TemplateStatus | undefined): Partial<TemplateStatus> {
  const { status, message, lastTransitionTime } = previous ?? {}
  return {
    ...(status ? { status } : {}),
    ...(message ? { message } : {}),
    ...(lastTransitionTime ? { lastTransitionTime } : {}),
  }
}

function sameCounts(previous: TemplateStatus | undefined, status: TemplateStatus): boolean {
  const of = (one: TemplateStatus | undefined) =>
    [one?.replicas, one?.readyReplicas, one?.availableReplicas].join()
  return of(previous) === of(status)
}

/** The Service of the template; it is deleted once no pod is behind it. */
function serviceOf(plan: ExperimentPlan, template: ExperimentTemplate): Partial<TemplateStatus> {
  const service = plan.services.get(template.name)
  const replicaSet = plan.replicaSets.get(template.name)
  if (!service || !replicaSet) return {}
  const { namespace, name } = service.metadata
  const wanted = template.service !== undefined
  const idle =
    templateReplicas(plan.experiment, plan.before, template) === 0 && availableReplicas(replicaSet) === 0
  if (!wanted || idle) {
    plan.changes.push({ verb: 'delete', resource: SERVICES, namespace, name })
    return {}
  }
  const podTemplateHash = replicaSet.metadata.labels?.[HASH_LABEL]
  return { serviceName: name, ...(podTemplateHash ? { podTemplateHash } : {}) }
}

/** Before pods go they stay for scaleDownDelaySeconds. Answers whether the template is not at its size yet. */
function scale(
  plan: ExperimentPlan,
  replicaSet: KubeObject,
  template: ExperimentTemplate,
  desired: number,
): boolean {
  const size = specReplicas(replicaSet)
  const deadline = desired === 0 ? deadlineOf(plan, replicaSet) : undefined
  if (size === desired) return false
  const waits = deadline !== undefined && deadline > plan.now
  if (waits) requeueAt(plan, deadline)
  const target = waits ? (template.replicas ?? 1) : desired
  if (target === size) return true
  const { namespace, name } = replicaSet.metadata
  const patch = { spec: { replicas: target } }
  plan.changes.push({ verb: 'patch', resource: REPLICA_SETS, namespace, name, patch })
  const direction = target > size ? 'up' : 'down'
  tell(plan, 'ScalingReplicaSet', `Scaled ${direction} ReplicaSet ${name} from ${size} to ${target}`)
  return true
}

/** Sets the deadline when it is not there yet; with no delay a deadline goes. */
function deadlineOf(plan: ExperimentPlan, replicaSet: KubeObject): number | undefined {
  const seconds: number = plan.experiment.spec.scaleDownDelaySeconds ?? 30
  const current = scaleDownDeadline(replicaSet)
  if ((current !== undefined) === seconds > 0) return current
  const deadline = seconds > 0 ? plan.now + seconds * 1000 : undefined
  const { namespace, name } = replicaSet.metadata
  const annotations = { [SCALE_DOWN_DEADLINE]: deadline === undefined ? null : rfc3339(deadline) }
  plan.changes.push({
    verb: 'patch',
    resource: REPLICA_SETS,
    namespace,
    name,
    patch: { metadata: { annotations } },
  })
  return deadline
}

/** Sets the template's phase, unless it has ended. */
function judge(plan: ExperimentPlan, status: TemplateStatus, desired: number): void {
  const { experiment, terminating, now } = plan
  if (isTemplateCompleted(status.status)) return
  if (desired === status.availableReplicas) {
    status.status = isOver(plan) || terminating ? 'Successful' : 'Running'
    return
  }
  const seconds = progressDeadlineSeconds(experiment)
  if (now > Date.parse(status.lastTransitionTime ?? '') + seconds * 1000) {
    status.status = 'Failed'
    status.message = `Template '${status.name}' exceeded its progressDeadlineSeconds (${seconds})`
  } else status.status = terminating ? 'Successful' : 'Progressing'
}

function tellTransition(
  plan: ExperimentPlan,
  previous: TemplateStatus | undefined,
  status: TemplateStatus,
): void {
  const change = `Template '${status.name}' transitioned from ${previous?.status ?? ''} -> ${status.status}`
  const bad = status.status === 'Failed' || status.status === 'Error'
  const message = status.message ? `${change}: ${status.message}` : change
  tell(plan, `Template${status.status}`, message, bad ? 'Warning' : 'Normal')
}
