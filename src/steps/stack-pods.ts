/** The pods of the stack and of what stands beside it, as the bring-up's waits see them: what they wait for, or that waiting is in vain. */
import { isAwaited } from '../components/ready/awaited.ts'
import { isCurrent, type Makers, makerOf } from '../components/ready/current.ts'
import { lastEventOf } from '../components/ready/events.ts'
import {
  hopelessJob,
  hopelessWorkload,
  throwIfHopeless,
  timesOf,
  waitingClaim,
} from '../components/ready/hopeless.ts'
import {
  conditionOf,
  isOver,
  podsOf,
  podsUnsettled,
  podsWaiting,
  statusesOf,
} from '../components/ready/pods.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Waiting } from '../lib/wait.ts'
import type { Running } from './context.ts'

const WORKLOADS = ['argoproj.io/v1alpha1/rollouts', 'apps/v1/deployments', 'apps/v1/statefulsets']
const PODS = 'v1/pods'

/** Where the stack's pods are, and those of the charts beside it. */
export function podNamespaces({ plan }: Pick<Running, 'plan'>): string[] {
  return [plan.environment.namespace, ...plan.extras.map(({ namespace }) => namespace)]
}

/** What the pods of this workload wait for; undefined when they are as they should be. Throws what no waiting mends. */
export function waitingPods(context: Running, owner: KubeObject): Waiting | undefined {
  const { namespace = '' } = owner.metadata
  const { now, since } = timesOf(context.live.serverClock)
  const hopeless = hopelessWorkload(owner, now, since)
  if (hopeless) throw hopeless
  const own = podsOf(owner, context.live.list(PODS, namespace)).filter((pod) => counts(context, pod))
  if (own.length === 0 && (owner.spec?.replicas ?? 1) > 0) return { waiting: 'its pods are to be made' }
  judgePods(context, own)
  const unsettled = podsUnsettled(own, now)
  return firstWaiting(context, own) ?? (unsettled === undefined ? undefined : { waiting: unsettled })
}

/** What any pod of the stack waits for. Pods of what Argo CD has not applied yet are left out, if it is told. */
export function waitingAnywhere(
  context: Running,
  applied: (maker: KubeObject) => boolean,
): Waiting | undefined {
  const { live, plan } = context
  const { namespace } = plan.environment
  const makers = makersIn(context, namespace)
  const pods = live.list(PODS, namespace).filter((pod) => {
    const maker = makerOf(pod, makers)
    return counts(context, pod) && !isOver(pod) && (!maker || applied(maker))
  })
  const { now, since } = timesOf(live.serverClock)
  for (const owner of makers.workloads.filter(applied)) {
    const hopeless = hopelessWorkload(owner, now, since)
    if (hopeless) throw hopeless
  }
  for (const job of live.list('batch/v1/jobs', namespace).filter(applied)) {
    const hopeless = hopelessJob(job, live.list(PODS, namespace))
    if (hopeless) throw hopeless
  }
  judgePods(context, pods)
  return firstWaiting(context, pods) ?? pendingClaims(context, applied)
}

/** Argo CD calls a claim without a volume Progressing, even where its pod runs without. */
function pendingClaims(
  { live, plan }: Running,
  applied: (object: KubeObject) => boolean,
): Waiting | undefined {
  const { namespace } = plan.environment
  const claims = live
    .list('v1/persistentvolumeclaims', namespace)
    .filter((claim) => applied(claim) && !claim.metadata.deletionTimestamp)
  const waiting = waitingClaim(claims, {
    ...timesOf(live.serverClock),
    events: live.list('v1/events', namespace),
  })
  return waiting === undefined ? undefined : { waiting }
}

function judgePods(context: Running, pods: KubeObject[]): void {
  const { live } = context
  const everywhere = (resource: string) =>
    podNamespaces(context).flatMap((namespace) => live.list(resource, namespace))
  const times = timesOf(live.serverClock)
  throwIfHopeless(pods, {
    ...times,
    events: everywhere('v1/events'),
    claims: everywhere('v1/persistentvolumeclaims'),
    settledAt: settledAt(context),
    awaited: (name) => isAwaited(name, everywhere('external-secrets.io/v1/externalsecrets'), times.now),
  })
}

function firstWaiting({ live }: Running, pods: KubeObject[]): Waiting | undefined {
  for (const pod of pods) {
    const what = podsWaiting([pod])
    if (what === undefined) continue
    const { name, namespace = '' } = pod.metadata
    // The kubelet's last word on a pod that runs says more than that its containers are not ready.
    const event = lastEventOf([pod], live.list('v1/events', namespace))
    const waiting = event ? `${what}; last event ${event}` : what
    return { waiting, about: { kind: 'Pod', namespace, name } }
  }
  return undefined
}

function counts(context: Running, pod: KubeObject): boolean {
  if (context.restarted.has(pod.metadata.uid ?? '')) return false
  return isCurrent(pod, makersIn(context, pod.metadata.namespace ?? ''))
}

function makersIn({ live }: Running, namespace: string): Makers {
  return {
    workloads: WORKLOADS.flatMap((resource) => live.list(resource, namespace)),
    replicaSets: live.list('apps/v1/replicasets', namespace),
  }
}

/** Since when everything runs that a program may need: all but what crashes. Milliseconds; undefined while it does not. */
function settledAt(context: Running): number | undefined {
  const { live, plan } = context
  const { release, prerequisites } = plan.environment
  const app = live.get('argoproj.io/v1alpha1/applications', prerequisites.appProject.namespace, release)
  if (app?.operation || app?.status?.operationState?.phase !== 'Succeeded') return undefined
  let latest = 0
  for (const namespace of podNamespaces(context))
    for (const pod of live.list(PODS, namespace)) {
      if (!counts(context, pod) || isOver(pod) || crashes(pod)) continue
      const ready = conditionOf(pod, 'Ready')
      if (ready?.status !== 'True') return undefined
      latest = Math.max(latest, Date.parse(ready.lastTransitionTime ?? ''))
    }
  return latest
}

function crashes(pod: KubeObject): boolean {
  return statusesOf(pod).some(({ restartCount = 0, state }) => restartCount > 0 && !state?.running)
}
