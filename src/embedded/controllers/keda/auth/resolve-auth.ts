/** The parameters that a TriggerAuthentication (or its cluster form) gives a trigger. */
import type { Logger } from '../../../../lib/log.ts'
import type { Client } from '../../../client.ts'
import type { KubeObject } from '../../../objects.ts'
import {
  CLUSTER_TRIGGER_AUTHENTICATIONS,
  CONFIG_MAPS,
  OPERATOR_NAMESPACE,
  SECRETS,
  TRIGGER_AUTHENTICATIONS,
} from '../resources.ts'
import type { Trigger } from '../types.ts'
import { type Container, containerEnv, decode } from './container-env.ts'

interface TargetRef {
  parameter: string
  name: string
  key: string
}

/** Sources of the real KEDA that need services outside an embedded cluster. */
const NOT_IMPLEMENTED = [
  'hashiCorpVault',
  'azureKeyVault',
  'gcpSecretManager',
  'awsSecretManager',
  'boundServiceAccountToken',
  'oauth2',
  'filePath',
]

/**
 * Parameter → value; later sources win. As in KEDA, an object or key that is missing gives an empty value
 * and a log line: what the scaler makes of it is the error that users see. Throws for sources that are not
 * implemented here.
 */
export function resolveAuth(
  client: Client,
  log: Logger,
  ref: Trigger['authenticationRef'],
  namespace: string,
  containers: Container[],
): Record<string, string> {
  if (!ref?.name) return {}
  const cluster = ref.kind === 'ClusterTriggerAuthentication'
  const authentication = cluster
    ? client.get(CLUSTER_TRIGGER_AUTHENTICATIONS, undefined, ref.name)
    : client.get(TRIGGER_AUTHENTICATIONS, namespace, ref.name)
  if (!authentication) {
    log.error(`${ref.kind ?? 'TriggerAuthentication'} ${namespace}/${ref.name} not found`)
    return {}
  }
  refuseUnimplemented(authentication)
  const secretsIn = cluster ? OPERATOR_NAMESPACE : namespace
  const { env = [], configMapTargetRef = [], secretTargetRef = [] } = authentication.spec ?? {}
  return {
    ...fromEnv(client, env, namespace, containers),
    ...fromRefs(configMapTargetRef, (name) => client.get(CONFIG_MAPS, secretsIn, name)?.data, log),
    ...fromRefs(secretTargetRef, (name) => decode(client.get(SECRETS, secretsIn, name)?.data), log),
  }
}

function refuseUnimplemented({ kind, metadata, spec }: KubeObject): void {
  const source = NOT_IMPLEMENTED.find((name) => spec?.[name] !== undefined)
  const provider = spec?.podIdentity?.provider
  const what = source ?? (provider && provider !== 'none' ? `podIdentity ${provider}` : undefined)
  if (what) throw new Error(`${kind} "${metadata.name}": ${what} is not available in the embedded cluster`)
}

function fromRefs(
  refs: TargetRef[],
  read: (name: string) => Record<string, string> | undefined,
  log: Logger,
): Record<string, string> {
  return Object.fromEntries(
    refs.map(({ parameter, name, key }) => {
      const value = read(name)?.[key]
      if (value === undefined) log.error(`no key ${key} in ${name} for parameter ${parameter}`)
      return [parameter, value ?? '']
    }),
  )
}

function fromEnv(
  client: Client,
  entries: { parameter: string; name: string; containerName?: string }[],
  namespace: string,
  containers: Container[],
): Record<string, string> {
  return Object.fromEntries(
    entries.map(({ parameter, name, containerName }) => {
      const env = containers.length ? containerEnv(client, containers, containerName, namespace) : {}
      return [parameter, env[name] ?? '']
    }),
  )
}
