/** A container's environment, in the kubelet's order (pkg/kubelet/kubelet_pods.go makeEnvironmentVariables). */
import type { KubeObject } from '../../objects.ts'
import { expand } from './expand.ts'
import { fieldValue, type NodeAllocatable, type PodAddresses, resourceValue } from './field-ref.ts'
import { serviceVariables } from './services.ts'

/** Reads of what the environment is made from. */
export interface EnvironmentSources {
  configMap(namespace: string, name: string): KubeObject | undefined
  secret(namespace: string, name: string): KubeObject | undefined
  services(namespace: string): KubeObject[]
  addresses: PodAddresses
  allocatable: NodeAllocatable
}

/** A missing ConfigMap, Secret or key: the container waits with CreateContainerConfigError. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The variables of one container. Throws ConfigError with the kubelet's text. */
export function containerEnvironment(
  pod: KubeObject,
  container: any,
  sources: EnvironmentSources,
): Record<string, string> {
  const namespace = pod.metadata.namespace!
  const result: Record<string, string> = { ...serviceLinks(pod, sources) }
  for (const source of container.envFrom ?? []) Object.assign(result, fromSource(namespace, source, sources))
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? fromReference(pod, container, variable.valueFrom, sources)
      : expand(variable.value ?? '', (name) => result[name])
    if (value !== undefined) result[variable.name] = value
  }
  return result
}

/** KUBERNETES_* always; the namespace's own Services unless enableServiceLinks is false. */
function serviceLinks(pod: KubeObject, sources: EnvironmentSources): Record<string, string> {
  const master = sources.services('default').filter((service) => service.metadata.name === 'kubernetes')
  const own = pod.spec.enableServiceLinks === false ? [] : sources.services(pod.metadata.namespace!)
  return serviceVariables([...master, ...own])
}

function fromSource(namespace: string, source: any, sources: EnvironmentSources): Record<string, string> {
  const ref = source.configMapRef ?? source.secretRef
  const data = source.configMapRef
    ? sources.configMap(namespace, ref.name)?.data
    : decoded(sources.secret(namespace, ref.name))
  const exists = source.configMapRef
    ? sources.configMap(namespace, ref.name)
    : sources.secret(namespace, ref.name)
  if (!exists) {
    if (ref.optional) return {}
    throw new ConfigError(`${source.configMapRef ? 'configmap' : 'secret'} "${ref.name}" not found`)
  }
  const prefix = source.prefix ?? ''
  return Object.fromEntries(
    Object.entries((data ?? {}) as Record<string, string>)
      .map(([key, value]) => [prefix + key, value] as const)
      .filter(([key]) => isVariableName(key)),
  )
}

/** Any printable ASCII but `=`: the relaxed rule, locked in since 1.34. */
function isVariableName(name: string): boolean {
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(name)
}

/** A Secret's data as text; undefined when there is no such Secret. */
function decoded(secret: KubeObject | undefined): Record<string, string> | undefined {
  if (!secret) return undefined
  return Object.fromEntries(
    Object.entries((secret.data ?? {}) as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  )
}

function fromReference(
  pod: KubeObject,
  container: any,
  reference: any,
  sources: EnvironmentSources,
): string | undefined {
  const namespace = pod.metadata.namespace!
  if (reference.fieldRef) return fieldValue(pod, reference.fieldRef.fieldPath, sources.addresses)
  if (reference.resourceFieldRef) {
    const of = reference.resourceFieldRef.containerName
    const target = of ? pod.spec.containers.find((other: any) => other.name === of) : container
    return resourceValue(target ?? container, reference.resourceFieldRef, sources.allocatable)
  }
  if (reference.configMapKeyRef) {
    const { name, key, optional } = reference.configMapKeyRef
    const object = sources.configMap(namespace, name)
    if (!object && !optional) throw new ConfigError(`configmap "${name}" not found`)
    return pick(object?.data, key, optional, `couldn't find key ${key} in ConfigMap ${namespace}/${name}`)
  }
  if (reference.secretKeyRef) {
    const { name, key, optional } = reference.secretKeyRef
    const object = sources.secret(namespace, name)
    if (!object && !optional) throw new ConfigError(`secret "${name}" not found`)
    return pick(decoded(object), key, optional, `couldn't find key ${key} in Secret ${namespace}/${name}`)
  }
  throw new ConfigError('env var valueFrom names no known source')
}

function pick(data: Record<string, string> | undefined, key: string, optional: boolean, missing: string) {
  const value = data?.[key]
  if (value === undefined && !optional) throw new ConfigError(missing)
  return value
}
