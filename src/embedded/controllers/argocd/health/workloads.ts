/** Health of the workload kinds of apps/v1. */
import type { KubeObject } from '../../../objects.ts'
import type { Health } from '../types.ts'

const waiting = (what: string): Health => ({
  status: 'Progressing',
  message: `Waiting for rollout to finish: ${what}`,
})

function isObserved({ metadata, status }: KubeObject): boolean {
  return (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)
}

export function deployment(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object
  if (spec.paused) return { status: 'Suspended', message: 'Deployment is paused' }
  if (!isObserved(object)) return waiting('observed deployment generation less than desired generation')
  const progressing = condition(status, 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return { status: 'Degraded', message: `Deployment "${metadata.name}" exceeded its progress deadline` }
  }
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas) {
    return waiting(`${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`)
  }
  if (replicas > updatedReplicas) {
    return waiting(`${replicas - updatedReplicas} old replicas are pending termination...`)
  }
  if (availableReplicas < updatedReplicas) {
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  }
  return { status: 'Healthy' }
}

export function replicaSet(object: KubeObject): Health {
  const { spec = {}, status = {} } = object
  if (!isObserved(object)) return waiting('observed replica set generation less than desired generation')
  const failure = condition(status, 'ReplicaFailure')
  if (failure?.status === 'True') return { status: 'Degraded', message: failure.message }
  const { availableReplicas = 0 } = status
  if (spec.replicas !== undefined && availableReplicas < spec.replicas) {
    return waiting(`${availableReplicas} out of ${spec.replicas} new replicas are available...`)
  }
  return { status: 'Healthy' }
}

export function statefulSet(object: KubeObject): Health {
  const { spec = {}, status = {} } = object
  if (!status.observedGeneration || !isObserved(object)) {
    return { status: 'Progressing', message: 'Waiting for statefulset spec update to be observed...' }
  }
  const { readyReplicas = 0, updatedReplicas = 0, replicas = 0 } = status
  if (spec.replicas !== undefined && readyReplicas < spec.replicas) {
    return {
      status: 'Progressing',
      message: `Waiting for ${spec.replicas - readyReplicas} pods to be ready...`,
    }
  }
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (type === 'RollingUpdate' && rollingUpdate) {
    const wanted = (spec.replicas ?? 1) - (rollingUpdate.partition ?? 0)
    if (updatedReplicas < wanted) {
      const message = `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...`
      return { status: 'Progressing', message }
    }
    return {
      status: 'Healthy',
      message: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`,
    }
  }
  if (type === 'OnDelete') {
    return { status: 'Healthy', message: `statefulset has ${readyReplicas} ready pods` }
  }
  if (status.updateRevision !== status.currentRevision) {
    const message = `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${status.updateRevision}...`
    return { status: 'Progressing', message }
  }
  const message = `statefulset rolling update complete ${replicas} pods at revision ${status.currentRevision}...`
  return { status: 'Healthy', message }
}

export function daemonSet(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object
  if (!isObserved(object)) return waiting('observed daemon set generation less than desired generation')
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status
  if (spec.updateStrategy?.type === 'OnDelete') {
    const message = `daemon set ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated`
    return { status: 'Healthy', message }
  }
  if (updatedNumberScheduled < desiredNumberScheduled) {
    const counts = `${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`
    return {
      status: 'Progressing',
      message: `Waiting for daemon set "${metadata.name}" rollout to finish: ${counts}`,
    }
  }
  if (numberAvailable < desiredNumberScheduled) {
    const counts = `${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`
    return {
      status: 'Progressing',
      message: `Waiting for daemon set "${metadata.name}" rollout to finish: ${counts}`,
    }
  }
  return { status: 'Healthy' }
}

interface StatusCondition {
  type: string
  status: string
  reason?: string
  message?: string
}

/** The condition of a type, in a status that may have none. */
export function condition(
  status: { conditions?: StatusCondition[] } | undefined,
  type: string,
): StatusCondition | undefined {
  return status?.conditions?.find((each) => each.type === type)
}
