/** When it is certain that a pod will not become ready by waiting. Pure. */
import { DevenvError, type ObjectRef } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import type { ServerClock } from '../../lib/kube/server-clock.ts'
import { lastEventOf } from './events.ts'
import { type ContainerStatus, conditionOf, statusesOf } from './pods.ts'

/** What is known beside the pod itself. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  now: number
  /** What was so before may have been mended meanwhile. */
  since: number
  events: KubeObject[]
  /** Claims of the pods' namespaces. */
  claims: KubeObject[]
  /** Since when all that a program may need has been there; undefined while some of it is not. */
  settledAt?: number | undefined
  /** Whether a Secret or ConfigMap that is not there may still come. */
  awaited(name: string): boolean
}

/** Reasons that no waiting mends. */
const CERTAIN = new Set(['InvalidImageName', 'ErrImageNeverPull'])
const PULLING = new Set(['ErrImagePull', 'ImagePullBackOff'])
/** Mostly certain; the same words stand for an engine that is slow at the moment. */
const MOSTLY = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])
/** The registry's own no, or nobody to ask; anything else may be a network that is slow today. */
const DEFINITE_NO =
  /not found|manifest unknown|denied|unauthorized|authorization failed|no basic auth|forbidden|no such host|x509|images\.yaml|invalid reference/i
/** What mends a refusal, where it is known. */
const PULL_FIXES: [RegExp, string][] = [
  [
    /x509/i,
    'The node does not trust that registry: set NODE_EXTRA_CA_CERTS to a file (PEM) with its CA, npm run down, then npm run up.',
  ],
  [
    /denied|unauthorized|authorization failed|no basic auth|forbidden/i,
    'The registry wants a login: docker login there, then npm run up -- --images team puts it into the stack’s pull secret.',
  ],
]
/** How long each may last before it counts, in milliseconds. */
const PATIENCE = {
  pull: 120_000,
  schedule: 15_000,
  /** A node that joins, or is short of breath, loses its taints by itself. */
  taint: 120_000,
  /** A provisioner may be on its way. */
  claim: 60_000,
  container: 15_000,
}
/** A program that crashed this often is broken, not early … */
const CRASHES = 5
/** … and this often, when all that it may need was there before it began the last time. */
const SETTLED_CRASHES = 3

const WITHOUT_SURROUNDINGS = { events: [], claims: [], awaited: () => false }

/** When this command began, by this machine's clock. */
const STARTED_AT = Date.now() - process.uptime() * 1000

/** Now, and when this command began, by the clock of the cluster, whose times are compared with them. */
export function timesOf(clock: ServerClock): Pick<Surroundings, 'now' | 'since'> {
  return { now: clock.now(), since: clock.of(STARTED_AT) }
}

/** Throws STEP_FAILED for the first pod that cannot become ready by waiting. */
export function throwIfHopeless(
  pods: KubeObject[],
  given: Partial<Surroundings> & Pick<Surroundings, 'now' | 'since'>,
): void {
  const surroundings = { ...WITHOUT_SURROUNDINGS, ...given }
  for (const pod of pods) {
    const why = hopeless(pod, surroundings)
    if (why) throw failure(pod, why)
  }
}

/** Why it will not, or undefined while it may. */
export function hopeless(pod: KubeObject, given: Surroundings): string | undefined {
  const statuses = statusesOf(pod)
  return (
    unschedulable(pod, given) ??
    statuses.map((status) => broken(pod, status, given)).find(Boolean) ??
    unmounted(pod, statuses, given)
  )
}

/** Nodes do not grow by waiting; the patience is for one that is just joining. */
function unschedulable(pod: KubeObject, given: Surroundings): string | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const { message = '' } = scheduled
  const claim = /unbound immediate PersistentVolumeClaims/.test(message)
    ? pendingClaim(pod, given)
    : undefined
  const patience = /untolerated taint/.test(message)
    ? PATIENCE.taint
    : claim && !claim.refused
      ? PATIENCE.claim
      : PATIENCE.schedule
  const from = Math.max(Date.parse(scheduled.lastTransitionTime ?? ''), given.since)
  if (given.now - from < patience) return undefined
  return `no node can run it: ${message}${claim ? `; ${claim.text}` : ''}`
}

/** Throws STEP_FAILED for a claim that gets no volume; else what a pending one waits for. */
export function waitingClaim(
  claims: KubeObject[],
  { events, now, since }: { events: KubeObject[]; now: number; since: number },
): string | undefined {
  const claim = claims.find(({ status }) => (status?.phase ?? 'Pending') !== 'Bound')
  if (!claim) return undefined
  const { text, refused } = describeClaim(claim, events)
  const { name, namespace = '', creationTimestamp = '' } = claim.metadata
  const age = now - Math.max(Date.parse(creationTimestamp), since)
  if (age < (refused ? PATIENCE.schedule : PATIENCE.claim)) return text
  throw new DevenvError('STEP_FAILED', text, {
    about: { kind: claim.kind, namespace, name },
    fix: 'Let it name a storage class that the cluster has: npm run kubectl -- get storageclass',
  })
}

/** The first claim of the pod that has no volume, with what its provisioner says. */
function pendingClaim(
  { spec, metadata }: KubeObject,
  { claims, events }: Surroundings,
): { text: string; refused: boolean } | undefined {
  const names = ((spec?.volumes ?? []) as any[]).map((volume) => volume.persistentVolumeClaim?.claimName)
  const claim = claims.find(
    (one) =>
      names.includes(one.metadata.name) &&
      one.metadata.namespace === metadata.namespace &&
      one.status?.phase !== 'Bound',
  )
  return claim && describeClaim(claim, events)
}

function describeClaim(claim: KubeObject, events: KubeObject[]): { text: string; refused: boolean } {
  const event = lastEventOf([claim], events)
  return {
    text: `PersistentVolumeClaim ${claim.metadata.name} is ${claim.status?.phase ?? 'Pending'}${event ? `: ${event}` : ''}`,
    refused: event?.startsWith('ProvisioningFailed') === true,
  }
}

function broken(pod: KubeObject, status: ContainerStatus, given: Surroundings): string | undefined {
  const { reason, message = '' } = status.state?.waiting ?? {}
  if (reason === undefined) return undefined
  const age = given.now - scheduledAt(pod, given)
  if (CERTAIN.has(reason)) return `${reason}: ${message}`
  if (PULLING.has(reason) && (DEFINITE_NO.test(message) || age > PATIENCE.pull))
    return `${reason}: ${message}`
  if (MOSTLY.has(reason) && age >= PATIENCE.container && !awaits(message, given))
    return `${reason}: ${message}`
  return reason === 'CrashLoopBackOff' ? crashing(status, given) : undefined
}

function crashing(
  { name, restartCount = 0, lastState }: ContainerStatus,
  { settledAt }: Surroundings,
): string | undefined {
  const crashes = restartCount + 1
  const began = Date.parse(lastState?.terminated?.startedAt ?? '')
  const settled = settledAt !== undefined && began > settledAt
  if (crashes < (settled ? SETTLED_CRASHES : CRASHES)) return undefined
  const { exitCode = 'unknown', reason } = lastState?.terminated ?? {}
  const killed = reason === 'OOMKilled' ? ', over its memory limit' : ''
  return `container ${name} crashes (exit code ${exitCode}${killed}, ${restartCount} restarts)`
}

/** Pods that cannot even be made, or a deadline of the workload's own. */
export function hopelessWorkload(owner: KubeObject, now: number, since: number): DevenvError | undefined {
  const { kind, metadata, status = {} } = owner
  // What is said of an earlier state may end with this one.
  if (Number(status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return undefined
  const refused = conditionOf(owner, 'ReplicaFailure')
  const progress = conditionOf(owner, 'Progressing')
  const problem =
    refused?.status === 'True'
      ? refused
      : progress?.status === 'False' && status.abort !== true
        ? progress
        : undefined
  if (!problem) return undefined
  const from = Math.max(Date.parse(problem.lastTransitionTime ?? ''), since)
  if (now - from < PATIENCE.container) return undefined
  const { name, namespace = '' } = metadata
  return new DevenvError('STEP_FAILED', `${kind} ${name}: ${problem.reason}: ${problem.message}`, {
    about: { kind, namespace, name },
    fix: lookAt({ kind, namespace, name }),
  })
}

/** A Job that has failed stays so; one of a hook is made again with the next attempt of its sync. */
export function hopelessJob(job: KubeObject, pods: KubeObject[]): DevenvError | undefined {
  const { name, annotations = {} } = job.metadata
  const failed = conditionOf(job, 'Failed')
  if (failed?.status !== 'True' || annotations['argocd.argoproj.io/hook']) return undefined
  return jobFailure(`Job ${name}: ${failed.reason}: ${failed.message}`, name, pods)
}

/** The failure of a Job, about the pod that ran last. */
export function jobFailure(message: string, job: string, pods: KubeObject[]): DevenvError {
  const [pod] = pods
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ kind, name }) => kind === 'Job' && name === job),
    )
    .sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''))
  const { name, namespace = '' } = pod?.metadata ?? {}
  return new DevenvError('STEP_FAILED', message, {
    ...(name ? { about: { kind: 'Pod', namespace, name } } : {}),
    fix: 'Mend what the Job runs, or what it needs, then npm run up again.',
  })
}

/** Volumes are mounted before any container is made: only events tell that they cannot be. */
function unmounted(pod: KubeObject, statuses: ContainerStatus[], given: Surroundings): string | undefined {
  const starting = statuses.some(({ state }) => state?.waiting?.reason === 'ContainerCreating')
  const initializing = statuses.some(({ state }) => state?.waiting?.reason === 'PodInitializing')
  if (!(starting || initializing) || given.now - scheduledAt(pod, given) < PATIENCE.container)
    return undefined
  const event = lastEventOf([pod], given.events)
  if (!event?.startsWith('FailedMount:') || !/not found|non-existent|references/.test(event)) return undefined
  return awaits(event, given) ? undefined : event
}

/** The missing Secret or ConfigMap that the message names may be on its way. */
function awaits(message: string, { awaited }: Surroundings): boolean {
  const name = /(?:secret|configmap) "([^"]+)" not found/i.exec(message)?.[1]
  return name !== undefined && awaited(name)
}

function scheduledAt(pod: KubeObject, { since }: Surroundings): number {
  return Math.max(Date.parse(conditionOf(pod, 'PodScheduled')?.lastTransitionTime ?? ''), since)
}

function failure({ metadata }: KubeObject, why: string): DevenvError {
  const { name, namespace = '' } = metadata
  const about = { kind: 'Pod', namespace, name }
  const [reason = ''] = why.split(':')
  const mend = PULLING.has(reason) ? PULL_FIXES.find(([answer]) => answer.test(why))?.[1] : undefined
  return new DevenvError('STEP_FAILED', `pod ${name}: ${why}`, { about, fix: mend ?? lookAt(about) })
}

/** For failures whose mend only a closer look tells. */
export function lookAt({ kind, namespace, name }: ObjectRef): string {
  return `npm run kubectl -- describe ${kind.toLowerCase()} ${name} -n ${namespace}`
}
