/** What is linted: manifests, and what the rules may take for given. */
import type { KubeObject } from '../lib/kube/object.ts'

export interface Linted {
  /** Template or file; `cluster` for an object that only the cluster has. */
  source: string
  object: KubeObject
  /** Read from the cluster: fields that nobody wrote may be set. */
  live?: boolean
}

export interface LintInput {
  objects: Linted[]
  /** Names that the environment makes beside the chart. */
  given: { secretStores: string[]; secrets: string[] }
  /** The longest task of a worker, in seconds. */
  taskSeconds: number
  /** Images that are built or stood in for on this machine, and need no registry. */
  isLocalImage(image: string): boolean
}

const WORKLOADS = new Set(['Deployment', 'Rollout', 'StatefulSet'])

export function ofKind({ objects }: Pick<LintInput, 'objects'>, ...kinds: string[]): Linted[] {
  return objects.filter(({ object }) => kinds.includes(object.kind))
}

export function workloadsOf({ objects }: LintInput): Linted[] {
  return objects.filter(({ object }) => WORKLOADS.has(object.kind))
}

export function scalersOf(input: LintInput): Linted[] {
  return ofKind(input, 'ScaledObject', 'HorizontalPodAutoscaler')
}

/** What the autoscaler (an HPA or a ScaledObject) scales. A ScaledObject may leave the kind out and means a Deployment. */
export function targetOf({ object }: Linted): { kind: string; name: string; namespace: string | undefined } {
  const { kind = 'Deployment', name = '' } = object.spec?.scaleTargetRef ?? {}
  return { kind, name, namespace: object.metadata.namespace }
}

export function scalersOn(input: LintInput, { object }: Linted): Linted[] {
  return scalersOf(input).filter((scaler) => {
    const target = targetOf(scaler)
    return (
      target.kind === object.kind &&
      target.name === object.metadata.name &&
      sameNamespace(scaler.object, object)
    )
  })
}

/** Rendered manifests mostly name no namespace: they go where the release goes. */
export function sameNamespace(one: KubeObject, other: KubeObject): boolean {
  const [a, b] = [one.metadata.namespace, other.metadata.namespace]
  return a === undefined || b === undefined || a === b
}

export function podSpecOf({ object }: Linted): any {
  if (object.kind === 'Pod') return object.spec
  return object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec
}

export function podLabelsOf({ object }: Linted): Record<string, string> {
  return object.spec?.template?.metadata?.labels ?? {}
}

/** True when the selector's labels are all there; an empty selector selects nothing here. */
export function covers(
  selector: Record<string, string> | undefined,
  labels: Record<string, string>,
): boolean {
  const terms = Object.entries(selector ?? {})
  return terms.length > 0 && terms.every(([key, value]) => labels[key] === value)
}
