/** Follows a release until Argo CD has applied it and what it changed is healthy. */
import { sourceError } from '../components/gitops/application.ts'
import { throwIfHopeless } from '../components/ready/pods.ts'
import { DevenvError } from '../lib/errors.ts'
import type { LiveObjects } from '../lib/kube/live.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { APPLICATIONS } from './release.ts'

export interface FollowOptions {
  commit: string
  /** When the release began, in ms since the epoch. */
  sinceMs: number
  tag: string
  /** Of the workloads. */
  namespace: string
  release: string
  argocd: string
  signal: AbortSignal
  waiting(what: string): void
}

/**
 * Resolves when the Application is Synced at the commit and Healthy. Throws STEP_FAILED when Argo CD gives the
 * revision up, when a pod of the new version cannot start, or when what runs is Degraded: an aborted canary, a
 * Deployment past its deadline.
 */
export async function followRelease(live: LiveObjects, options: FollowOptions): Promise<void> {
  const { release, argocd, namespace, tag, signal, waiting } = options
  await live.until(
    () => {
      throwIfHopeless(live.list('v1/pods', namespace).filter((pod) => runs(pod, tag)))
      const missing = missingRelease(live.get(APPLICATIONS, argocd, release), options)
      return missing ? { waiting: missing } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

/** What is missing, or undefined. Pure. */
export function missingRelease(
  app: KubeObject | undefined,
  { commit, sinceMs }: Pick<FollowOptions, 'commit' | 'sinceMs'>,
): string | undefined {
  const { sync, health, operationState, conditions = [] } = app?.status ?? {}
  const failed = conditions.find(
    ({ type }: { type: string }) => type === 'SyncError' || type === 'InvalidSpecError',
  )
  if (failed) throw degraded(failed.message)
  const unread = conditions.find(({ type }: { type: string }) => type === 'ComparisonError')
  // What cannot be rendered has no commit in the status, only a time, in whole seconds: of the complaint, or of the
  // look that found an old one unchanged.
  const since = Math.floor(sinceMs / 1000) * 1000
  const isNew = [unread?.lastTransitionTime, app?.status?.reconciledAt].some(
    (at) => Date.parse(at ?? '') >= since,
  )
  if (unread && isNew && sourceError(app)) throw degraded(unread.message)
  if (sync?.revision !== commit)
    return unread ? `Argo CD to read the repository: ${unread.message}` : 'Argo CD to see the commit'
  if (app?.operation || operationState?.syncResult?.revision !== commit)
    return `Argo CD to apply it (${sync.status})`
  if (operationState.phase !== 'Succeeded')
    return `the sync: ${operationState.message ?? operationState.phase}`
  if (health?.status === 'Degraded')
    throw degraded('what it changed is Degraded; the stable version goes on serving')
  if (health?.status === 'Healthy' && sync.status === 'Synced') return undefined
  if (sync.status !== 'Synced') return `Argo CD, which sees it ${sync.status}`
  return health?.status === 'Suspended' ? 'the canary, which pauses' : `the rollout (${health?.status})`
}

function runs(pod: KubeObject, tag: string): boolean {
  return (pod.spec?.containers ?? []).some(({ image }: { image: string }) => image.endsWith(`:${tag}`))
}

function degraded(why: string): DevenvError {
  return new DevenvError('STEP_FAILED', `the release failed: ${why}`, {
    fix: 'npm run rollout -- get shows where; release another tag, or the one before',
  })
}
