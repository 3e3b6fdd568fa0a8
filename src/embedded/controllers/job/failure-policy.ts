/** podFailurePolicy: what a failed pod means for its Job. */
import type { KubeObject } from '../../objects.ts'
import { type Pod, podCondition } from '../shared/pods.ts'

export interface Verdict {
  action: 'FailJob' | 'Ignore' | 'Count'
  message: string
}

/** The first rule that matches decides; without one the failure counts. */
export function judgeFailure(job: KubeObject, pod: Pod): Verdict {
  const rules: any[] = job.spec.podFailurePolicy?.rules ?? []
  const who = `${pod.metadata.namespace}/${pod.metadata.name}`
  for (const [at, rule] of rules.entries()) {
    const exited = rule.onExitCodes && matchingExit(rule.onExitCodes, pod)
    if (exited) {
      const what = `Container ${exited.name} for pod ${who} failed with exit code ${exited.exitCode}`
      return { action: actionOf(rule), message: `${what} matching ${rule.action} rule at index ${at}` }
    }
    const condition = (rule.onPodConditions ?? []).find(
      ({ type, status = 'True' }: any) => podCondition(pod, type)?.status === status,
    )
    if (condition) {
      const message = `Pod ${who} has condition ${condition.type} matching ${rule.action} rule at index ${at}`
      return { action: actionOf(rule), message }
    }
  }
  return { action: 'Count', message: '' }
}

function actionOf({ action }: any): Verdict['action'] {
  return action === 'FailJob' || action === 'Ignore' ? action : 'Count'
}

function matchingExit(rule: any, pod: Pod): { name: string; exitCode: number } | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  for (const { name, state } of statuses) {
    const exitCode = state?.terminated?.exitCode
    if (exitCode === undefined || exitCode === 0) continue
    if (rule.containerName && rule.containerName !== name) continue
    if (rule.values.includes(exitCode) === (rule.operator === 'In')) return { name, exitCode }
  }
  return undefined
}
