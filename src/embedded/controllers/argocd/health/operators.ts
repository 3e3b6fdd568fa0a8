/** Health of custom resources: Argo Rollouts, External Secrets, and the definitions themselves. */
import type { KubeObject } from '../../../objects.ts'
import type { Health, HealthCode } from '../types.ts'
import { condition } from './workloads.ts'

const ROLLOUT_PHASES: Record<string, HealthCode> = {
  Healthy: 'Healthy',
  Progressing: 'Progressing',
  Degraded: 'Degraded',
  Paused: 'Suspended',
}

/** observedGeneration is a string there. */
export function rollout({ metadata, status }: KubeObject): Health {
  if (String(status?.observedGeneration ?? '') !== String(metadata.generation ?? '')) {
    return { status: 'Progressing', message: 'Waiting for rollout spec update to be observed' }
  }
  const code = ROLLOUT_PHASES[status?.phase]
  if (!code)
    return {
      status: 'Progressing',
      message: 'Waiting for rollout to finish: status has not been reconciled.',
    }
  return { status: code, ...(status.message ? { message: status.message } : {}) }
}

const RUN_PHASES: Record<string, HealthCode> = {
  Successful: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
  Inconclusive: 'Unknown',
  Pending: 'Progressing',
  Running: 'Progressing',
}

export function analysisRun({ status }: KubeObject): Health {
  return {
    status: RUN_PHASES[status?.phase] ?? 'Progressing',
    ...(status?.message ? { message: status.message } : {}),
  }
}

/** ExternalSecret, SecretStore, ClusterSecretStore, PushSecret: their Ready condition. */
export function readyCondition({ kind, status }: KubeObject): Health {
  const ready = condition(status, 'Ready')
  if (ready?.status === 'False') return { status: 'Degraded', message: ready.message ?? '' }
  if (ready?.status === 'True') return { status: 'Healthy', message: ready.message ?? '' }
  return { status: 'Progressing', message: `Waiting for ${kind}` }
}

export function customResourceDefinition({ status }: KubeObject): Health {
  const names = condition(status, 'NamesAccepted')
  if (names?.status === 'False') return { status: 'Degraded', message: names.message ?? '' }
  const schema = condition(status, 'NonStructuralSchema')
  if (schema?.status === 'True') return { status: 'Degraded', message: schema.message ?? '' }
  const established = condition(status, 'Established')
  if (established?.status === 'True') return { status: 'Healthy', message: 'CRD is healthy' }
  if (!established || established.reason === 'Installing' || condition(status, 'Terminating')) {
    return { status: 'Progressing', message: 'CRD is not established' }
  }
  return { status: 'Degraded', message: 'CRD is not established' }
}
