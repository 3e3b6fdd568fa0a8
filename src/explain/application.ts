/** Why an Argo CD Application is OutOfSync, from its own spec and status. */
import { parseGoDuration } from '../lib/go-duration.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { driftOf } from './drift.ts'
import { unhealthyOf } from './health.ts'
import type { Snapshot } from './snapshot.ts'
import { applicationTraps } from './traps/application-traps.ts'
import { ignoresReplicas } from './traps/gitops.ts'
import { type ChainStep, type Explanation, link, type Next } from './why.ts'
import { ago, count, span } from './words.ts'

/** Argo CD's default timeout.reconciliation: 120 s, with up to 60 s of jitter. */
const REFRESH_SECONDS = 180
/** Repositories of the cluster's own machine: the embedded Argo CD watches them. */
const WATCHED = /^(dir:|file:|\/|https?:\/\/(127\.|localhost[:/]))/
/** Its default repo-error-grace-period-seconds: so long the last good comparison stays. */
const ERROR_GRACE_SECONDS = 180
/** A comparison takes seconds, on a busy machine some more. */
const LATE_SECONDS = 20
const SHOWN = 8
/** Fields of one resource that a sentence names. */
const FIELDS = 3

/** How often the Argo CD of this argocd-cm looks at git, at most; 0: never by itself. Seconds. */
export function refreshSecondsOf({ data = {} }: KubeObject): number | undefined {
  const interval = parseGoDuration(data['timeout.reconciliation'] ?? '120s')
  const jitter = parseGoDuration(data['timeout.reconciliation.jitter'] ?? '60s')
  if (interval === undefined || jitter === undefined) return undefined
  return interval === 0 ? 0 : (interval + jitter) / 1000
}

export function explainApplication(application: KubeObject, snapshot: Snapshot): Explanation {
  const { status = {} } = application
  const conditions = (status.conditions ?? []).map(({ type, message }: any) =>
    link('condition', type, `${type}: ${message}`),
  )
  const chain = [
    syncStep(application, snapshot.now),
    // What cannot be read or rendered is no list of resources: none of them has left git.
    ...(isUnread(application) ? conditions : resourceSteps(application, snapshot)),
    automationStep(application),
    ...operationSteps(application, snapshot.now),
    ...(isUnread(application) ? [] : conditions),
    healthStep(application, snapshot),
  ]
  return { chain, next: nextOf(application, snapshot), traps: applicationTraps(application, snapshot) }
}

/** Argo CD could not compare: the source cannot be read or rendered, or the spec is wrong. */
function isUnread({ status = {} }: KubeObject): boolean {
  return (status.conditions ?? []).some(
    ({ type }: any) => type === 'ComparisonError' || type === 'InvalidSpecError',
  )
}

/** Resources that differ from the revision. */
export function outOfSync(application: KubeObject): any[] {
  return (application.status?.resources ?? []).filter(
    ({ status, requiresPruning, hook }: any) => !hook && (status === 'OutOfSync' || requiresPruning),
  )
}

function syncStep({ spec, status = {} }: KubeObject, now: number): ChainStep {
  const state: string = status.sync?.status ?? 'Unknown'
  const source = spec?.source ?? spec?.sources?.[0] ?? {}
  const revision = status.sync?.revision ? String(status.sync.revision).slice(0, 8) : 'no revision'
  const from = [source.repoURL, source.path ?? source.chart].filter(Boolean).join(' ')
  const text = `${state} against ${source.targetRevision ?? 'HEAD'} (${revision}) of ${from || 'no source'}, compared ${ago(status.reconciledAt, now)}.`
  return link('sync', state, text)
}

function resourceSteps(application: KubeObject, snapshot: Snapshot): ChainStep[] {
  const different = outOfSync(application)
  const steps = different
    .slice(0, SHOWN)
    .map((row) =>
      link(
        'resource',
        `${row.kind}/${row.name}`,
        `${row.kind} ${row.name} ${howDifferent(row, application, snapshot)}.`,
      ),
    )
  if (different.length > SHOWN) {
    steps.push(link('resource', different.length, `… and ${different.length - SHOWN} more.`))
  }
  return steps
}

function howDifferent(
  { kind, name, requiresPruning }: any,
  application: KubeObject,
  { outOfSync: asked }: Snapshot,
): string {
  if (requiresPruning) return 'is in the cluster but no longer in git'
  const row = asked.find((one) => one.kind === kind && one.name === name)
  if (!row) return 'differs from git'
  const { live } = row
  if (!live) return 'is in git but not in the cluster'
  const drift = driftOf(live)?.filter(
    ({ path }) => path !== 'spec.replicas' || !ignoresReplicas(application, live),
  )
  if (!drift) return 'differs from git'
  if (drift.length === 0) return 'is as it was synced last: git has changed since'
  const parts = drift.slice(0, FIELDS).map(({ path, synced, here, by }) => {
    const values =
      synced === undefined && here === undefined ? ' differs' : ` is ${here ?? 'gone'}, git had ${synced}`
    return `${path}${values}${by ? ` (by ${by})` : ''}`
  })
  const more = drift.length > FIELDS ? ` and ${drift.length - FIELDS} more` : ''
  return `was changed since its sync: ${parts.join('; ')}${more}`
}

function automated({ spec }: KubeObject): { selfHeal: boolean; prune: boolean } | undefined {
  const policy = spec?.syncPolicy?.automated
  if (!policy || policy.enabled === false) return undefined
  return { selfHeal: policy.selfHeal === true, prune: policy.prune === true }
}

function automationStep(application: KubeObject): ChainStep {
  const policy = automated(application)
  if (!policy) return link('automation', false, 'It is synced by hand only: syncPolicy.automated is off.')
  const heal = policy.selfHeal
    ? 'drift in the cluster is undone'
    : 'drift in the cluster stays (selfHeal is off)'
  const prune = policy.prune ? 'what left git is deleted' : 'what left git stays (prune is off)'
  return link('automation', true, `New revisions are synced by themselves; ${heal}; ${prune}.`)
}

function operationSteps({ status = {}, ...application }: KubeObject, now: number): ChainStep[] {
  const operation = status.operationState
  if (!operation)
    return application.operation ? [link('operation', 'Pending', 'A sync has been asked for.')] : []
  const when = operation.finishedAt
    ? `ended ${ago(operation.finishedAt, now)}`
    : `began ${ago(operation.startedAt, now)}`
  const failed = (operation.syncResult?.resources ?? []).filter(
    ({ status: one }: any) => one === 'SyncFailed',
  )
  return [
    link(
      'operation',
      operation.phase,
      `The last sync ${when}: ${operation.phase}, ${operation.message ?? 'no message'}.`,
    ),
    ...failed
      .slice(0, SHOWN)
      .map(({ kind, name, message }: any) =>
        link('failed', `${kind}/${name}`, `${kind} ${name}: ${message}`),
      ),
  ]
}

function healthStep(application: KubeObject, snapshot: Snapshot): ChainStep {
  const state: string = application.status?.health?.status ?? 'Unknown'
  if (state === 'Healthy') return link('health', state, 'Health: Healthy.')
  const bad = unhealthyOf(application, snapshot)
  const more = bad.length > SHOWN ? `; and ${bad.length - SHOWN} more` : ''
  const named = bad.slice(0, SHOWN).join('; ')
  return link('health', state, `Health: ${state}${named ? `: ${named}${more}` : ''}.`)
}

function nextOf(application: KubeObject, { refreshSeconds = REFRESH_SECONDS, now }: Snapshot): Next {
  const { status = {}, metadata } = application
  const refresh = `\`kubectl annotate application ${metadata.name} -n ${metadata.namespace} argocd.argoproj.io/refresh=normal\` compares at once`
  if (status.operationState?.phase === 'Running')
    return { text: 'When the running sync ends, it is compared again.' }
  if (status.sync?.status === 'Synced') {
    const { repoURL = '' } = application.spec?.source ?? {}
    if (WATCHED.test(repoURL)) return { text: `A new commit is seen at once; ${refresh}.` }
    if (refreshSeconds === 0)
      return { text: `Argo CD looks for new commits only when it is asked: ${refresh}.` }
    const lateSeconds = (now - Date.parse(status.reconciledAt)) / 1000 - refreshSeconds
    if (lateSeconds > LATE_SECONDS)
      return {
        atSeconds: ERROR_GRACE_SECONDS,
        text: `It should have been compared by now: Argo CD says nothing of a source that it cannot read or render for up to 3 min. \`kubectl logs -n ${metadata.namespace} deploy/argocd-repo-server --tail=20\` says why.`,
      }
    return {
      atSeconds: refreshSeconds,
      text: `A new commit is seen within ${span(refreshSeconds)}; ${refresh}.`,
    }
  }
  if (isUnread(application)) {
    return {
      text: `Nothing is applied or deleted until that is mended: what was synced last keeps running. ${refresh}.`,
    }
  }
  const policy = automated(application)
  if (!policy) return { text: 'Nothing by itself: it waits for a sync by hand.' }
  const { phase, syncResult } = status.operationState ?? {}
  const tried = syncResult?.revision !== undefined && syncResult.revision === status.sync?.revision
  if (tried && phase !== 'Succeeded') {
    return {
      text: 'Nothing by itself: this revision was tried and failed; a new commit or a sync by hand tries again.',
    }
  }
  if (tried && !policy.selfHeal) {
    return { text: 'Nothing by itself: this revision was synced already and selfHeal is off.' }
  }
  const several = count(outOfSync(application).length, 'resource')
  return {
    ...(refreshSeconds > 0 ? { atSeconds: refreshSeconds } : {}),
    text: `Argo CD syncs ${several} by itself; repeated drift waits up to 5 min. ${refresh}.`,
  }
}
