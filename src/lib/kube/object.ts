/** What the client needs to know of Kubernetes objects, and how resource types are written and addressed. */

interface KubeMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[]
  finalizers?: string[]
  [field: string]: unknown
}

/** Any object of the API. Dynamic by nature: which fields there are is the server's business. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: KubeMeta
  spec?: any
  status?: any
  [field: string]: any
}

/**
 * A resource type as `group/version/plural`, the core group as `v1/plural`:
 * `apps/v1/deployments`, `v1/pods`, `keda.sh/v1alpha1/scaledobjects`.
 */
export type Resource = string

/** The URL path of a resource type, of one object, or of an object's subresource. */
export function resourcePath(
  resource: Resource,
  at: { namespace?: string; name?: string; subresource?: string } = {},
): string {
  const parts = resource.split('/')
  const plural = parts.pop()
  const base = parts.length === 1 ? `/api/${parts[0]}` : `/apis/${parts.join('/')}`
  const segments = [base]
  if (at.namespace !== undefined) segments.push('namespaces', encodeURIComponent(at.namespace))
  segments.push(plural ?? '')
  if (at.name !== undefined) segments.push(encodeURIComponent(at.name))
  if (at.subresource !== undefined) segments.push(at.subresource)
  return segments.join('/')
}

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function objectKey(object: KubeObject): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** A label selector in the form that query strings take, from a `metav1.LabelSelector`. */
export function selectorString(selector: {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}): string {
  const terms = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'In') terms.push(`${key} in (${values.join(',')})`)
    else if (operator === 'NotIn') terms.push(`${key} notin (${values.join(',')})`)
    else if (operator === 'Exists') terms.push(key)
    else if (operator === 'DoesNotExist') terms.push(`!${key}`)
  }
  return terms.join(',')
}
