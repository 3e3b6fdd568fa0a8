/** Follows a release until Argo CD has applied it and what it changed is healthy. */
import { sourceError } from '../components/gitops/application.ts'
import { throwIfHopeless, timesOf } from '../components/ready/hopeless.ts'
import { DevenvError } from '../lib/errors.ts'
import type { LiveObjects } from '../lib/kube/live.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { APPLICATIONS } from './release.ts'

const ROLLOUTS = 'argoproj.io/v1alpha1/rollouts'
const COMMIT = /^[0-9a-f]{40}$/

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
  /**
   * Whether a revision that Argo CD compares with has the release in it. Throws REPO_CONFLICT when a later one has
   * taken it away.
   */
  contains(revision: string): Promise<boolean>
}

/**
 * Resolves when the Application is Synced at the commit and Healthy. Throws STEP_FAILED when Argo CD gives the
 * revision up, when a pod of the new version cannot start, or when what runs is Degraded: an aborted canary, a
 * Deployment past its deadline.
 */
export async function followRelease(live: LiveObjects, options: FollowOptions): Promise<void> {
  const { release, argocd, namespace, tag, sinceMs, signal, waiting } = options
  const asked = new Set<string>([options.commit])
  let { commit } = options
  for (;;) {
    const other = await live.until<string | undefined>(
      () => {
        throwIfHopeless(
          live.list('v1/pods', namespace).filter((pod) => runs(pod, tag)),
          timesOf(live.serverClock),
        )
        const app = live.get(APPLICATIONS, argocd, release)
        const degraded = degradedRollouts(live.list(ROLLOUTS, namespace))
        const missing = missingRelease(app, { commit, sinceMs: live.serverClock.of(sinceMs), degraded })
        if (missing === undefined) return { done: undefined }
        const revision: string = app?.status?.sync?.revision ?? ''
        return COMMIT.test(revision) && !asked.has(revision) ? { done: revision } : { waiting: missing }
      },
      { signal, onWaiting: (state) => waiting(state.waiting) },
    )
    if (other === undefined) return
    asked.add(other)
    // Somebody pushed on top: their revision is the one to follow.
    if (await options.contains(other)) commit = other
  }
}

function degradedRollouts(rollouts: readonly KubeObject[]): string[] {
  return rollouts
    .filter(({ status }) => status?.phase === 'Degraded')
    .map(({ metadata, status }) => `${metadata.name}: ${status.message}`)
}

/** What is missing, or undefined. Pure. */
export function missingRelease(
  app: KubeObject | undefined,
  {
    commit,
    sinceMs,
    degraded: bad = [],
  }: Pick<FollowOptions, 'commit' | 'sinceMs'> & {
    /** Names and messages of what is Degraded. */
    degraded?: string[]
  },
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
    throw degraded(`${bad.join('; ') || 'what it changed is Degraded'}; the stable version goes on serving`)
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
