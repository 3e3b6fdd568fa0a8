/** Which object a name is about: `question-worker`, `pod/NAME`, `secret/NAME`, `app/NAME`. */
import { DevenvError } from '../lib/errors.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { explainApplication } from './application.ts'
import { explainPod } from './pod.ts'
import { explainExternalSecret, explainPlainSecret } from './secret.ts'
import { type Snapshot, scales } from './snapshot.ts'
import { queueTriggers } from './trigger.ts'
import { causesFirst, type Explanation, type Why } from './why.ts'
import { explainWorkload } from './workload.ts'

/** What is explained. */
interface Subject {
  kind: string
  name: string
  namespace: string
  explain(): Explanation
}

interface Kind {
  /** As in `pod/NAME`; the first is the one that messages use. */
  prefixes: string[]
  find(called: (name: string) => boolean, snapshot: Snapshot): Subject[]
}

const WORKLOADS: [kind: string, prefixes: string[]][] = [
  ['Rollout', ['rollout', 'rollouts', 'ro']],
  ['Deployment', ['deploy', 'deployment', 'deployments']],
  ['StatefulSet', ['sts', 'statefulset', 'statefulsets']],
]

const KINDS: Kind[] = [
  ...WORKLOADS.map(([kind, prefixes]) => ({
    prefixes,
    find: (called: (name: string) => boolean, snapshot: Snapshot) =>
      snapshot.workloads
        .filter((one) => one.kind === kind && called(one.metadata.name))
        .map((one) => workloadSubject(one, snapshot)),
  })),
  {
    prefixes: ['pod', 'pods', 'po'],
    find: (called, snapshot) =>
      snapshot.pods
        .filter(({ metadata }) => called(metadata.name))
        .map((pod) => subject(pod, () => explainPod(pod, snapshot))),
  },
  {
    prefixes: ['externalsecret', 'externalsecrets', 'es'],
    find: (called, snapshot) =>
      snapshot.externalSecrets
        .filter(({ metadata }) => called(metadata.name))
        .map((one) => subject(one, () => explainExternalSecret(one, snapshot))),
  },
  { prefixes: ['secret', 'secrets'], find: secretsCalled },
  {
    prefixes: ['app', 'application', 'applications'],
    find: (called, snapshot) =>
      snapshot.applications
        .filter(({ metadata }) => called(metadata.name))
        .map((one) => subject(one, () => explainApplication(one, snapshot))),
  },
  {
    prefixes: ['hpa', 'horizontalpodautoscaler', 'so', 'scaledobject', 'scaledobjects'],
    find: (called, snapshot) =>
      [...snapshot.hpas, ...snapshot.scaledObjects]
        .filter(({ metadata }) => called(metadata.name))
        .flatMap((scaler) => snapshot.workloads.filter((workload) => scales(scaler, workload)))
        .map((workload) => workloadSubject(workload, snapshot)),
  },
  {
    prefixes: ['queue', 'queues'],
    find: (called, snapshot) =>
      snapshot.scaledObjects
        .filter((one) => queueTriggers(one).some(({ queue }) => called(queue)))
        .flatMap((scaler) => snapshot.workloads.filter((workload) => scales(scaler, workload)))
        .map((workload) => workloadSubject(workload, snapshot)),
  },
]

/**
 * Explains what `text` names; names may leave the release out. USAGE when nothing, or more than one thing, has that
 * name: the message says what there is.
 */
export function explain(text: string, release: string, snapshot: Snapshot): Why {
  const { kind, name, namespace, explain: chainOf } = findSubject(text, release, snapshot)
  const { traps, ...rest } = chainOf()
  return {
    apiVersion: 'devenv/v1',
    kind: 'Why',
    of: kind,
    name,
    namespace,
    ...rest,
    traps: causesFirst(traps),
  }
}

function findSubject(text: string, release: string, snapshot: Snapshot): Subject {
  // Queues may have slashes of their own: only the first one ends the prefix.
  const slash = text.indexOf('/')
  const prefix = slash < 0 ? undefined : text.slice(0, slash).toLowerCase()
  const name = text.slice(slash + 1)
  const kinds = prefix === undefined ? KINDS : KINDS.filter(({ prefixes }) => prefixes.includes(prefix))
  if (kinds.length === 0) {
    const known = KINDS.map(({ prefixes }) => `${prefixes[0]}/`)
    throw new DevenvError('USAGE', `${text}: there are ${known.join(', ')}`)
  }
  const found = kinds.flatMap((kind) => {
    const exact = kind.find((other) => other === name, snapshot)
    return exact.length > 0 ? exact : kind.find((other) => other === `${release}-${name}`, snapshot)
  })
  const subjects = unique(found)
  if (subjects.length === 1) return subjects[0]!
  if (subjects.length > 1) {
    const names = subjects.map((one) => `${prefixOf(one.kind)}/${one.name}`)
    throw new DevenvError('USAGE', `"${text}" is ambiguous`, { fix: `Write one of: ${names.join(', ')}.` })
  }
  const pod = prefix === undefined || 'pod'.startsWith(prefix) ? podOf(name, release, snapshot) : undefined
  if (pod) return pod
  throw new DevenvError('USAGE', `there is no "${text}"`, { fix: namesThereAre(release, snapshot, prefix) })
}

/** An autoscaler and its target, or an ExternalSecret and its Secret, are one subject. */
function unique(subjects: Subject[]): Subject[] {
  const key = ({ kind, name, namespace }: Subject) => `${kind}/${namespace}/${name}`
  return [...new Map(subjects.map((one) => [key(one), one])).values()]
}

/** A pod by the beginning of its name: the first that is not ready, else the first. */
function podOf(name: string, release: string, snapshot: Snapshot): Subject | undefined {
  const pods = snapshot.pods.filter(
    ({ metadata }) => metadata.name.startsWith(`${name}-`) || metadata.name.startsWith(`${release}-${name}-`),
  )
  const pod = pods.find((one) => condition(one, 'Ready')?.status !== 'True') ?? pods[0]
  return pod && subject(pod, () => explainPod(pod, snapshot))
}

function secretsCalled(called: (name: string) => boolean, snapshot: Snapshot): Subject[] {
  return snapshot.secrets
    .filter(({ name }) => called(name))
    .map((secret) => {
      const external = snapshot.externalSecrets.find(
        ({ metadata, spec }) => (spec?.target?.name ?? metadata.name) === secret.name,
      )
      if (external) return subject(external, () => explainExternalSecret(external, snapshot))
      const { name, namespace } = secret
      return { kind: 'Secret', name, namespace, explain: () => explainPlainSecret(secret, snapshot) }
    })
}

function workloadSubject(workload: KubeObject, snapshot: Snapshot): Subject {
  return subject(workload, () => explainWorkload(workload, snapshot))
}

function subject({ kind, metadata }: KubeObject, explainIt: () => Explanation): Subject {
  return { kind, name: metadata.name, namespace: metadata.namespace ?? '', explain: explainIt }
}

function prefixOf(kind: string): string {
  const own = KINDS.find(({ prefixes }) => prefixes.includes(kind.toLowerCase()))
  return own?.prefixes[0] ?? kind.toLowerCase()
}

function namesThereAre(release: string, snapshot: Snapshot, prefix: string | undefined): string {
  const kinds =
    prefix === undefined
      ? KINDS.slice(0, WORKLOADS.length)
      : KINDS.filter((kind) => kind.prefixes.includes(prefix))
  const names = kinds
    .flatMap((kind) => kind.find(() => true, snapshot))
    .map(({ name }) => name.replace(`${release}-`, ''))
  const list = [...new Set(names)].sort().join(', ') || 'none'
  return prefix === undefined ? `There are: ${list}; or name a pod/, secret/ or app/.` : `There are: ${list}.`
}
