/** Health of what runs to an end: Jobs, CronJobs, and single Pods. */
import type { KubeObject } from '../../../objects.ts'
import type { Health } from '../types.ts'
import { condition } from './workloads.ts'

/** The first condition that ends the Job decides; the status of Failed and Complete is not looked at. */
export function job({ status }: KubeObject): Health {
  const failed = condition(status, 'Failed')
  if (failed) return { status: 'Degraded', ...messageOf(failed) }
  const complete = condition(status, 'Complete')
  if (complete) return { status: 'Healthy', ...messageOf(complete) }
  const suspended = condition(status, 'Suspended')
  if (suspended)
    return { status: suspended.status === 'True' ? 'Suspended' : 'Healthy', ...messageOf(suspended) }
  return { status: 'Progressing' }
}

function messageOf({ message }: { message?: string }): { message?: string } {
  return message ? { message } : {}
}

export function cronJob({ spec, status }: KubeObject): Health {
  if (spec?.suspend) return { status: 'Healthy', message: 'CronJob is suspended' }
  if (!status) return { status: 'Progressing' }
  const { lastScheduleTime, lastSuccessfulTime, active = [] } = status
  if (
    lastScheduleTime &&
    lastSuccessfulTime &&
    lastSuccessfulTime < lastScheduleTime &&
    active.length === 0
  ) {
    return { status: 'Degraded', message: 'CronJob has not completed its last execution successfully' }
  }
  return { status: 'Healthy' }
}

export function pod({ spec = {}, status = {} }: KubeObject): Health {
  const always = (spec.restartPolicy ?? 'Always') === 'Always'
  const containers: any[] = status.containerStatuses ?? []
  const statuses = [...(status.initContainerStatuses ?? []), ...containers]
  if (always) {
    const stuck = statuses
      .map(({ state }) => state?.waiting)
      .find((wait) => /^Err|Error$|BackOff$/.test(wait?.reason ?? ''))
    if (stuck) return { status: 'Degraded', message: stuck.message || stuck.reason }
  }
  switch (status.phase) {
    case 'Pending':
      return { status: 'Progressing', ...messageOf(status) }
    case 'Succeeded':
      return { status: 'Healthy', ...messageOf(status) }
    case 'Failed':
      return { status: 'Degraded', message: status.message || failureOf(statuses) || 'Pod failed' }
    case 'Running':
      if (!always) return { status: 'Progressing', ...messageOf(status) }
      if (condition(status, 'Ready')?.status === 'True') return { status: 'Healthy', ...messageOf(status) }
      if (containers.some(({ lastState }) => lastState?.terminated)) {
        return { status: 'Degraded', ...messageOf(status) }
      }
      return { status: 'Progressing', ...messageOf(status) }
    default:
      return { status: 'Unknown', ...messageOf(status) }
  }
}

function failureOf(statuses: { name?: string; state?: any }[]): string | undefined {
  for (const { name, state } of statuses) {
    const { exitCode, message, reason } = state?.terminated ?? {}
    if (message) return message
    if (reason === 'OOMKilled') return reason
    if (exitCode) return `container "${name}" failed with exit code ${exitCode}`
  }
  return undefined
}
