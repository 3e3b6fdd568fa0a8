/** How far an Application is, in words, and when waiting cannot help. */
import { isDeepStrictEqual } from 'node:util'
import { DevenvError } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { isAborted, type Missing } from '../ready/conditions.ts'

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
  // What is known of an earlier source, or of a sync that is about to be tried again, says nothing of this one.
  if (sync?.comparedTo && !isDeepStrictEqual(sync.comparedTo.source, app.spec?.source))
    return 'Argo CD has not compared it yet'
  if (app.operation && operationState?.phase !== 'Running') return 'the sync to begin'
  if (isProjectUnseen(app)) return 'Argo CD has not seen its project yet'
  const problem = (conditions as Condition[]).find(({ type }) => type.endsWith('Error'))
  if (problem && !(problem.type === 'SyncError' && app.operation) && CERTAIN.has(problem.type)) {
    throw new DevenvError(
      'STEP_FAILED',
      `Application ${app.metadata.name}: ${problem.type}: ${problem.message}`,
      {
        about: aboutOf(app),
        fix: 'Mend the chart or the repository; Argo CD takes the next commit from there.',
      },
    )
  }
  if (problem) return `${problem.type}: ${problem.message}`
  const unknown = unservedKind(operationState?.message ?? '')
  if (unknown) {
    throw new DevenvError(
      'STEP_FAILED',
      `Application ${app.metadata.name}: the cluster does not serve ${unknown}`,
      {
        about: aboutOf(app),
        fix: `Install its CRD, or have Argo CD leave it out: gitops.exclusions in devenv/devenv.yaml, group ${unknown.split('/')[0]}.`,
      },
    )
  }
  if (!sync?.revision) return 'Argo CD has not compared it yet'
  if (wanted !== undefined && sync.revision !== wanted)
    return `revision ${short(sync.revision)} is known, ${short(wanted)} is wanted`
  // A revision that changes nothing is not synced: the last sync was another's.
  if (sync.status === 'Synced' && operationState?.phase === 'Succeeded' && !app.operation) return undefined
  if (operationState?.syncResult?.revision !== sync.revision || app.operation)
    return `${sync.status} at ${short(sync.revision)}${operationState ? `: ${operationState.message ?? operationState.phase}` : ''}`
  if (operationState.phase !== 'Succeeded')
    return `sync ${operationState.phase}: ${operationState.message ?? ''}`
  return undefined
}

/**
 * The project is made a moment before the Application, and a busy controller may hear of the second first. It looks again
 * when somebody asks, or after its own pace of a minute or more.
 */
export function isProjectUnseen(app: KubeObject): boolean {
  const conditions = (app.status?.conditions ?? []) as Condition[]
  return conditions.some(
    ({ type, message }) =>
      type === 'InvalidSpecError' && message.endsWith(`project ${app.spec?.project} which does not exist`),
  )
}

/** What makes Argo CD look at an Application at once; it takes the annotation away when it has. */
export const REFRESH = { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } }

/** Argo CD tries a sync again by itself; a task that failed so often in a row means it. */
const FAILED_ATTEMPTS = 2

export interface FailedTask {
  kind: string
  name: string
  message: string
  /** Attempts of the sync that have failed. */
  attempts: number
}

/** The task that makes a sync of the wanted revision fail again and again: a hook, or an object that is refused. */
export function failedTask(app: KubeObject | undefined, wanted: string | undefined): FailedTask | undefined {
  const { retryCount = 0, syncResult } = app?.status?.operationState ?? {}
  if (retryCount < FAILED_ATTEMPTS || (wanted !== undefined && syncResult?.revision !== wanted))
    return undefined
  const failed = (syncResult?.resources ?? []).find(
    ({ status, hookPhase }: Record<string, string>) =>
      status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  )
  if (!failed) return undefined
  const { kind, name, hookType, message = '' } = failed
  return { kind: hookType ? `${hookType} ${kind}` : kind, name, message, attempts: retryCount }
}

/**
 * Whether the sync of the wanted revision has applied this object: what is seen of one that it has not is of an earlier
 * state. Without a wanted revision, or once a sync is through, all are.
 */
export function isApplied(
  app: KubeObject | undefined,
  object: KubeObject,
  wanted: string | undefined,
): boolean {
  const { sync, operationState } = app?.status ?? {}
  if (app?.operation) return false
  const { revision, resources = [] } = operationState?.syncResult ?? {}
  // A revision that changes nothing is not synced.
  const nothingToDo = sync?.status === 'Synced' && sync.revision === wanted
  if (wanted !== undefined && revision !== wanted && !nothingToDo) return false
  if (operationState?.phase !== 'Running') return true
  return (resources as { kind: string; name: string }[]).some(
    ({ kind, name }) => kind === object.kind && name === object.metadata.name,
  )
}

/** Errors of the way to the source, which pass when what is on it has started. */
const ON_THE_WAY =
  /Unavailable|DeadlineExceeded|connection (refused|reset|error)|no such host|i\/o timeout|EOF/i

/** What the source itself says against being rendered; undefined while it may only be out of reach. */
export function sourceError(app: KubeObject | undefined): string | undefined {
  const conditions = (app?.status?.conditions ?? []) as Condition[]
  const message = conditions.find(({ type }) => type === 'ComparisonError')?.message
  return message === undefined || ON_THE_WAY.test(message) ? undefined : message
}

/** True while a sync of another revision runs: one that waits for health may never end by itself. */
export function syncsAnother(app: KubeObject | undefined, wanted: string | undefined): boolean {
  const state = app?.status?.operationState
  return wanted !== undefined && state?.phase === 'Running' && state.syncResult?.revision !== wanted
}

/**
 * True where nothing will sync the wanted revision by itself: nothing differs from it, as hooks do not count, but the
 * last sync was another's and did not end well.
 */
export function needsSync(app: KubeObject | undefined, wanted: string | undefined): boolean {
  const { sync, operationState } = app?.status ?? {}
  if (!app || app.operation || wanted === undefined || sync?.revision !== wanted || sync.status !== 'Synced')
    return false
  const ended = operationState?.phase === 'Failed' || operationState?.phase === 'Error'
  return ended && operationState.syncResult?.revision !== wanted
}

/**
 * The operation that tries a revision again which failed for good, as a person would: auto-sync never does. Undefined
 * when there is nothing to try again.
 */
export function retryOperation(app: KubeObject | undefined): object | undefined {
  const failed = (app?.status?.conditions as Condition[] | undefined)?.some(
    ({ type }) => type === 'SyncError',
  )
  return app && failed && !app.operation ? syncOperation(app) : undefined
}

/** A sync of the revision that is compared at the moment, as auto-sync would ask for it. */
export function syncOperation(app: KubeObject): object {
  const { syncOptions, retry } = app.spec.syncPolicy ?? {}
  return {
    initiatedBy: { username: 'devenv' },
    sync: {
      revision: app.status.sync.revision,
      prune: true,
      syncStrategy: { hook: {} },
      ...(syncOptions ? { syncOptions } : {}),
    },
    ...(retry ? { retry } : {}),
  }
}

/**
 * Undefined once everything is as the source says and healthy. A canary that pauses is healthy enough, and so is
 * one of `rollouts` that was aborted: its stable version serves.
 */
export function missingApplication(app: KubeObject | undefined, rollouts: KubeObject[] = []): Missing {
  const unsynced = missingSync(app, undefined)
  if (unsynced) return unsynced
  const { sync, health, resources = [] } = app?.status ?? {}
  if (sync.status !== 'Synced') {
    const first = resources.find(({ status }: { status?: string }) => status && status !== 'Synced')
    return `${sync.status}${first ? `: ${first.kind} ${first.name}` : ''}`
  }
  if (health?.status === 'Healthy' || health?.status === 'Suspended') return undefined
  if (health?.status === 'Degraded' && rollouts.some(isAborted)) return undefined
  return `synced, health ${health?.status ?? 'unknown'}`
}

/** `group/Kind`, or `group/version` where not even that is known, of an object that nobody defined: retries will not bring it. */
function unservedKind(message: string): string | undefined {
  const kind = /could not find (\S+) for requested resource/.exec(message)?.[1]
  return kind ?? /server resources for group version (\S+): the server could not find/.exec(message)?.[1]
}

function aboutOf({ kind, metadata: { namespace = '', name } }: KubeObject) {
  return { kind, namespace, name }
}

function short(revision: string): string {
  return revision.slice(0, 7)
}
