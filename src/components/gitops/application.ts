/** How far an Application is, in words, and when waiting cannot help. */
import { DevenvError } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import type { Missing } from '../ready/conditions.ts'

/** Conditions that stay until somebody changes the source or the spec: auto-sync never tries a failed revision again. */
const CERTAIN = new Set(['InvalidSpecError', 'SyncError'])

interface Condition {
  type: string
  message: string
}

/**
 * Undefined once the wanted revision has been applied; without one, whichever is compared at the moment. Throws
 * STEP_FAILED, with Argo CD's own words, when no waiting will bring it.
 */
export function missingSync(app: KubeObject | undefined, wanted: string | undefined): Missing {
  if (!app) return 'not there yet'
  const { conditions = [], sync, operationState } = app.status ?? {}
  const problem = (conditions as Condition[]).find(({ type }) => type.endsWith('Error'))
  if (problem && CERTAIN.has(problem.type)) {
    throw new DevenvError(
      'STEP_FAILED',
      `Application ${app.metadata.name}: ${problem.type}: ${problem.message}`,
      {
        fix: 'Mend the chart or the repository; Argo CD takes the next commit from there.',
      },
    )
  }
  if (problem) return `${problem.type}: ${problem.message}`
  if (!sync?.revision) return 'Argo CD has not compared it yet'
  if (wanted !== undefined && sync.revision !== wanted)
    return `revision ${short(sync.revision)} is known, ${short(wanted)} is wanted`
  if (operationState?.syncResult?.revision !== sync.revision || app.operation)
    return `${sync.status} at ${short(sync.revision)}${operationState ? `: ${operationState.message ?? operationState.phase}` : ''}`
  if (operationState.phase !== 'Succeeded')
    return `sync ${operationState.phase}: ${operationState.message ?? ''}`
  return undefined
}

/** Undefined once everything is as the source says and healthy; a canary that pauses is healthy enough. */
export function missingApplication(app: KubeObject | undefined): Missing {
  const unsynced = missingSync(app, undefined)
  if (unsynced) return unsynced
  const { sync, health, resources = [] } = app?.status ?? {}
  if (sync.status !== 'Synced') {
    const first = resources.find(({ status }: { status?: string }) => status && status !== 'Synced')
    return `${sync.status}${first ? `: ${first.kind} ${first.name}` : ''}`
  }
  if (health?.status === 'Healthy' || health?.status === 'Suspended') return undefined
  return `synced, health ${health?.status ?? 'unknown'}`
}

function short(revision: string): string {
  return revision.slice(0, 7)
}
