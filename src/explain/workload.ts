/** Why a workload has the replicas that it has, and why not all of them are ready. */
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { podTrouble, selects } from '../status/pods.ts'
import { explainCanary } from './canary.ts'
import { wordsOf } from './pod.ts'
import { explainScaling } from './scaling.ts'
import { lastEvent, type Snapshot } from './snapshot.ts'
import { workloadTraps } from './traps/workload-traps.ts'
import { type ChainStep, type Explanation, link, type Next } from './why.ts'
import { clause, count } from './words.ts'

/** For a Deployment, a StatefulSet or a Rollout. */
export function explainWorkload(workload: KubeObject, snapshot: Snapshot): Explanation {
  const pods = snapshot.pods.filter((pod) => selects(workload, pod))
  const ready = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && condition(pod, 'Ready')?.status === 'True',
  )
  const scaling = explainScaling(workload, ready.length, snapshot)
  const canary = workload.kind === 'Rollout' ? explainCanary(workload, snapshot) : undefined
  const states = podSteps(workload, pods, ready.length, snapshot)
  const words = pods.flatMap((pod) => wordsOf(pod, snapshot)).slice(0, 1)
  return {
    chain: [
      ...scaling.chain,
      ...(canary?.chain ?? []),
      ...states.chain,
      ...words,
      ...(scaling.cooldown ? [scaling.cooldown] : []),
    ],
    next: nextOf(states, canary?.next, scaling.next),
    traps: workloadTraps(workload, pods, snapshot),
  }
}

/** A failing pod outranks everything; a canary that is under way outranks the autoscaler. */
function nextOf({ next, failing }: PodStates, canary: Next | undefined, scaling: Next | undefined): Next {
  if (failing && next && canary) return { ...canary, text: `${next.text} ${canary.text}` }
  if (failing && next) return next
  return canary ?? next ?? scaling ?? { text: 'Nothing: it has what it asks for.' }
}

interface PodStates {
  chain: ChainStep[]
  next?: Next
  /** Waiting does not help. */
  failing?: boolean
}

function podSteps(workload: KubeObject, pods: KubeObject[], ready: number, snapshot: Snapshot): PodStates {
  const desired: number = workload.spec?.replicas ?? 1
  const chain = [
    link(
      'replicas',
      desired,
      `${workload.kind} ${workload.metadata.name} asks for ${count(desired, 'pod')}.`,
    ),
  ]
  const refused = condition(workload, 'ReplicaFailure')
  if (refused?.status === 'True') {
    const why = clause(refused.message ?? refused.reason ?? 'no reason given')
    chain.push(link('pods', 0, `Pods cannot be made: ${why}.`))
    return {
      chain,
      failing: true,
      next: { text: 'When what refuses the pods is mended, they are made by themselves.' },
    }
  }
  const leaving = pods.filter((pod) => pod.metadata.deletionTimestamp).length
  const present = pods.length - leaving
  const trouble = podTrouble(pods)
  const probe = trouble && !trouble.failing ? failedProbe(pods, snapshot) : undefined
  const what = trouble && probe ? `${trouble.text}: ${clause(probe.message ?? '')}` : trouble?.text
  chain.push(link('pods', ready, podsText(present, ready, leaving, what), { present, ready, leaving }))
  if (!trouble) {
    const missing = desired - present
    if (missing <= 0) return { chain }
    return { chain, next: { text: `${capitalCount(missing)} more will be made at once.` } }
  }
  const name = pods.find((pod) => podTrouble([pod])?.failing === trouble.failing)?.metadata.name
  const next = trouble.failing
    ? { text: `Nothing gets better by waiting alone: \`npm run why -- pod/${name}\` says why.` }
    : probe
      ? { text: `When its probe passes the pod counts: \`npm run why -- pod/${name}\` says what is asked.` }
      : { text: 'The pods are starting; they count as soon as they are ready.' }
  return { chain, next, failing: trouble.failing }
}

/** What the kubelet said of the last failed probe of a pod that runs and is not ready. */
function failedProbe(pods: KubeObject[], snapshot: Snapshot): KubeObject | undefined {
  return pods
    .filter((pod) => !pod.metadata.deletionTimestamp && condition(pod, 'Ready')?.status !== 'True')
    .map((pod) => lastEvent(snapshot, pod, ['Unhealthy']))
    .find(Boolean)
}

function podsText(present: number, ready: number, leaving: number, trouble: string | undefined): string {
  const ending = leaving > 0 ? `${leaving} ending` : ''
  if (present === 0) return leaving > 0 ? `No pods are left but ${ending}.` : 'There are no pods.'
  const state = ready === present ? (present === 1 ? 'ready' : 'all ready') : `${ready} ready`
  return `${count(present, 'pod')}, ${[state, ...(ending ? [ending] : [])].join(', ')}${trouble ? `; ${clause(trouble)}` : ''}.`
}

function capitalCount(missing: number): string {
  return missing === 1 ? 'One pod' : `${missing} pods`
}
