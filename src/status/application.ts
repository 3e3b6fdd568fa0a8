/** How Argo CD sees the stack. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { ApplicationStatus } from './status.ts'

interface Condition {
  type: string
  message: string
}

/** The Application's line: sync, health, commit, and what is wrong in Argo CD's own words. */
export function applicationStatus(app: KubeObject): ApplicationStatus {
  const { sync, health, operationState, conditions = [], resources = [] } = app.status ?? {}
  const problem = (conditions as Condition[]).find(({ type }) => type.endsWith('Error'))
  const drifted = (resources as { kind: string; name: string; status?: string }[]).filter(
    ({ status }) => status !== undefined && status !== 'Synced',
  )
  const running = app.operation !== undefined || operationState?.phase === 'Running'
  const message = problem
    ? `${problem.type}: ${problem.message}`
    : running
      ? `syncing: ${operationState?.message ?? 'begun'}`
      : operationState?.phase && operationState.phase !== 'Succeeded'
        ? `sync ${operationState.phase}: ${operationState.message ?? ''}`
        : drifted.length > 0
          ? `differs: ${drifted.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`
          : ''
  return {
    name: app.metadata.name,
    sync: sync?.status ?? 'Unknown',
    health: health?.status ?? 'Unknown',
    revision: sync?.revision ?? '',
    source: app.spec?.source?.repoURL ?? '',
    healing: operationState?.operation?.sync?.autoHealAttemptsCount ?? 0,
    failing: problem !== undefined,
    message,
  }
}
