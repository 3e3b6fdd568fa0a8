/** Who a pod of a StatefulSet is: ordinal, names, labels, claims. */
import type { KubeObject, Manifest } from '../../objects.ts'
import { controllerRef } from '../shared/owners.ts'
import type { Pod } from '../shared/pods.ts'

const POD_NAME = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX = 'apps.kubernetes.io/pod-index'
export const REVISION_LABEL = 'controller-revision-hash'

export function startOrdinal(set: KubeObject): number {
  return set.spec.ordinals?.start ?? 0
}

/** First and one past the last ordinal that should exist. */
export function ordinals(set: KubeObject): { start: number; end: number } {
  const start = startOrdinal(set)
  return { start, end: start + (set.spec.replicas ?? 1) }
}

/** -1 for a pod whose name is not the set's with a number. */
export function ordinalOf(set: KubeObject, pod: Pod): number {
  const prefix = `${set.metadata.name}-`
  const rest = pod.metadata.name.slice(prefix.length)
  return pod.metadata.name.startsWith(prefix) && /^\d+$/.test(rest) ? Number(rest) : -1
}

/** The pod of this ordinal from `template`, which belongs to the ControllerRevision `revision`. */
export function podOf(set: KubeObject, template: any, revision: string, ordinal: number): Manifest {
  const name = `${set.metadata.name}-${ordinal}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: set.metadata.namespace,
      labels: {
        ...template.metadata?.labels,
        [POD_NAME]: name,
        [POD_INDEX]: String(ordinal),
        [REVISION_LABEL]: revision,
      },
      ...(template.metadata?.annotations ? { annotations: { ...template.metadata.annotations } } : {}),
      ownerReferences: [controllerRef(set)],
    },
    spec: {
      ...structuredClone(template.spec),
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...volumes(set, template, name),
    },
  }
}

function volumes(set: KubeObject, template: any, pod: string): { volumes?: unknown[] } {
  const claimed = (set.spec.volumeClaimTemplates ?? []).map((claim: any) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${pod}` },
  }))
  const names = new Set(claimed.map(({ name }: { name: string }) => name))
  const kept = (template.spec.volumes ?? []).filter(({ name }: { name: string }) => !names.has(name))
  const all = [...kept, ...claimed]
  return all.length > 0 ? { volumes: all } : {}
}

/** The PersistentVolumeClaims of one ordinal. They outlive pod and set, unless a policy says otherwise. */
export function claimsOf(set: KubeObject, ordinal: number): Manifest[] {
  return (set.spec.volumeClaimTemplates ?? []).map((claim: any) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...claim.metadata,
      name: `${claim.metadata.name}-${set.metadata.name}-${ordinal}`,
      namespace: set.metadata.namespace,
      labels: { ...claim.metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec: structuredClone(claim.spec),
  }))
}
