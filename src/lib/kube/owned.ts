/** The labels of everything that devenv makes in a cluster, and what they decide. */
import type { KubeObject } from './object.ts'

const MANAGED_BY = 'app.kubernetes.io/managed-by'
const ENVIRONMENT = 'devenv/environment'

/** The labels of an environment's objects. */
export function ownerLabels(environment: string): Record<string, string> {
  return { [MANAGED_BY]: 'devenv', [ENVIRONMENT]: environment }
}

/** A label selector for an environment's objects. */
export function ownerSelector(environment: string): string {
  return `${MANAGED_BY}=devenv,${ENVIRONMENT}=${environment}`
}

/** The object as the environment's own. */
export function owned(object: KubeObject, environment: string): KubeObject {
  const labels = { ...object.metadata.labels, ...ownerLabels(environment) }
  return { ...object, metadata: { ...object.metadata, labels } }
}

/** Name of the environment that made an object; undefined for anybody else's. */
export function ownerOf(object: Pick<KubeObject, 'metadata'>): string | undefined {
  const labels = object.metadata.labels ?? {}
  return labels[MANAGED_BY] === 'devenv' ? (labels[ENVIRONMENT] ?? '') : undefined
}
