/** Which Argo CD Application looks after an object, and what it does about replicas. */
import type { KubeObject } from '../../lib/kube/object.ts'
import type { Snapshot } from '../snapshot.ts'

const TRACKING_ID = 'argocd.argoproj.io/tracking-id'
const REPLICAS = '/spec/replicas'

/** By its tracking annotation, or by the Application's own list. */
export function applicationOf(object: KubeObject, { applications }: Snapshot): KubeObject | undefined {
  const id = object.metadata.annotations?.[TRACKING_ID]
  const tracked = id?.split(':')[0]
  return applications.find(
    ({ metadata, status }) =>
      // An Application outside of Argo CD's own namespace is written NAMESPACE_NAME.
      metadata.name === tracked ||
      `${metadata.namespace}_${metadata.name}` === tracked ||
      (status?.resources ?? []).some(
        ({ kind, name, namespace }: any) =>
          kind === object.kind &&
          name === object.metadata.name &&
          (namespace ?? object.metadata.namespace) === object.metadata.namespace,
      ),
  )
}

/** True when `spec.replicas` of that kind is left out of the comparison with git. */
export function ignoresReplicas(
  application: KubeObject,
  { kind, apiVersion, metadata }: KubeObject,
): boolean {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : ''
  const matches = (pattern: string | undefined, text: string) =>
    new RegExp(`^${(pattern ?? '').replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(
      text,
    )
  return (application.spec?.ignoreDifferences ?? []).some(
    (rule: any) =>
      matches(rule.group, group) &&
      matches(rule.kind, kind) &&
      (!rule.name || rule.name === metadata.name) &&
      (!rule.namespace || metadata.namespace === undefined || rule.namespace === metadata.namespace) &&
      ((rule.jsonPointers ?? []).includes(REPLICAS) ||
        (rule.jqPathExpressions ?? []).some((path: string) => path.trim() === '.spec.replicas')),
  )
}

/** Ignored fields are left alone by a sync, too. */
export function respectsIgnored(application: KubeObject): boolean {
  return (application.spec?.syncPolicy?.syncOptions ?? []).includes('RespectIgnoreDifferences=true')
}

/** True when git itself says how many replicas: a field that Argo CD compares and writes. */
export function replicasFromGit({ metadata }: KubeObject): boolean {
  const applied = metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
  if (applied) {
    try {
      return JSON.parse(applied).spec?.replicas !== undefined
    } catch {
      return false
    }
  }
  const entries = (metadata.managedFields ?? []) as {
    manager?: string
    subresource?: string
    fieldsV1?: any
  }[]
  return entries.some(
    ({ manager = '', subresource, fieldsV1 }) =>
      !subresource && manager.startsWith('argocd') && fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  )
}
