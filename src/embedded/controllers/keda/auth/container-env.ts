/** The environment of the target's container, as KEDA resolves it for `…FromEnv` and `env` parameters. */
import type { Client } from '../../../client.ts'
import { CONFIG_MAPS, SECRETS } from '../resources.ts'

export interface Container {
  name: string
  env?: { name: string; value?: string; valueFrom?: Record<string, any> }[]
  envFrom?: {
    prefix?: string
    secretRef?: { name: string; optional?: boolean }
    configMapRef?: { name: string; optional?: boolean }
  }[]
}

/**
 * All variables of the named container (or the first). A Secret or ConfigMap that is missing and not optional
 * throws; field and resource references are left out.
 */
export function containerEnv(
  client: Client,
  containers: Container[],
  containerName: string | undefined,
  namespace: string,
): Record<string, string> {
  const container = containerName ? containers.find(({ name }) => name === containerName) : containers[0]
  if (!container) throw new Error(`couldn't find container with name ${containerName} on Target object`)
  const env: Record<string, string> = {}
  for (const { prefix = '', secretRef, configMapRef } of container.envFrom ?? []) {
    const values = secretRef
      ? readSecret(client, namespace, secretRef)
      : configMapRef
        ? readConfigMap(client, namespace, configMapRef)
        : {}
    for (const [key, value] of Object.entries(values)) env[prefix + key] = value
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const resolved = valueFrom ? fromReference(client, namespace, valueFrom) : expand(value ?? '', env)
    if (resolved !== undefined) env[name] = resolved
  }
  return env
}

function fromReference(client: Client, namespace: string, from: Record<string, any>): string | undefined {
  const { secretKeyRef, configMapKeyRef } = from
  if (secretKeyRef) return readSecret(client, namespace, secretKeyRef)[secretKeyRef.key]
  if (configMapKeyRef) return readConfigMap(client, namespace, configMapKeyRef)[configMapKeyRef.key]
  return undefined
}

interface Reference {
  name: string
  optional?: boolean
}

function readSecret(
  client: Client,
  namespace: string,
  { name, optional }: Reference,
): Record<string, string> {
  const secret = client.get(SECRETS, namespace, name)
  if (!secret && !optional) throw new Error(`secrets "${name}" not found`)
  return decode(secret?.data)
}

function readConfigMap(
  client: Client,
  namespace: string,
  { name, optional }: Reference,
): Record<string, string> {
  const configMap = client.get(CONFIG_MAPS, namespace, name)
  if (!configMap && !optional) throw new Error(`configmaps "${name}" not found`)
  return configMap?.data ?? {}
}

/** A Secret's data as text. */
export function decode(data: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  )
}

/** `$(NAME)` of a variable defined before; `$$(NAME)` is a literal `$(NAME)`. */
function expand(text: string, env: Record<string, string>): string {
  return text.replace(/\$(\$|\(([^)]+)\))/g, (whole, inner: string, name: string) =>
    inner === '$' ? '$' : (env[name] ?? whole),
  )
}
