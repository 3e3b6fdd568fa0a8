/** Who has a secret: from a path in Vault to the ExternalSecrets that read it, their Secrets, pods and scalers. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { Values } from './vault-kv.ts'

/** A key of a Kubernetes Secret and the value that it is to have. */
export interface Expected {
  key: string
  value: string
}

export interface Reader {
  /** The ExternalSecret. */
  name: string
  /** The Secret that it makes. */
  secret: string
  /** What the Secret must hold; empty when a template makes the keys. */
  expected: Expected[]
}

/** The paths (below the mount) that were written, each with the values that changed. */
export type Changes = Map<string, Values>

/** ExternalSecrets that read one of the changed keys. */
export function readersOf(externalSecrets: KubeObject[], changes: Changes): Reader[] {
  return externalSecrets.flatMap((object) => {
    const { spec, metadata } = object
    const expected = [...fromData(spec, changes), ...fromExtract(spec, changes)]
    if (expected.length === 0) return []
    const secret: string = spec.target?.name ?? metadata.name
    return [{ name: metadata.name, secret, expected: spec.target?.template ? [] : expected }]
  })
}

interface RemoteRef {
  key: string
  property?: string
}

function fromData(spec: KubeObject['spec'], changes: Changes): Expected[] {
  const entries: { secretKey: string; remoteRef: RemoteRef }[] = spec.data ?? []
  return entries.flatMap(({ secretKey, remoteRef }) => {
    const value = valuesAt(changes, remoteRef.key)?.[remoteRef.property ?? '']
    return value === undefined ? [] : [{ key: secretKey, value }]
  })
}

function fromExtract(spec: KubeObject['spec'], changes: Changes): Expected[] {
  const entries: { extract?: RemoteRef }[] = spec.dataFrom ?? []
  return entries.flatMap(({ extract }) =>
    Object.entries((extract && valuesAt(changes, extract.key)) ?? {}).map(([key, value]) => ({ key, value })),
  )
}

/** A remote key may name the mount or leave it to the SecretStore: `team1/shared` and `shared` are one. */
function valuesAt(changes: Changes, key: string): Values | undefined {
  for (const [path, values] of changes) if (key === path || key.endsWith(`/${path}`)) return values
  return undefined
}

/** Workloads that put one of the Secrets into their containers' environment: it stays as it was at their start. */
export function workloadsWith(workloads: KubeObject[], secrets: Set<string>): KubeObject[] {
  return workloads.filter(({ spec }) => {
    const pod = spec?.template?.spec ?? {}
    const containers: Container[] = [...(pod.initContainers ?? []), ...(pod.containers ?? [])]
    return containers.some((container) => secretsInEnv(container).some((name) => secrets.has(name)))
  })
}

interface Container {
  env?: { valueFrom?: { secretKeyRef?: { name: string } } }[]
  envFrom?: { secretRef?: { name: string } }[]
}

function secretsInEnv({ env = [], envFrom = [] }: Container): string[] {
  const named = [
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
    ...envFrom.map(({ secretRef }) => secretRef?.name),
  ]
  return named.filter((name) => name !== undefined)
}

/** ScaledObjects whose triggers take their credentials from one of the Secrets. */
export function scalersWith(
  scaledObjects: KubeObject[],
  authentications: KubeObject[],
  secrets: Set<string>,
): KubeObject[] {
  const using = new Set(
    authentications
      .filter(({ spec }) =>
        (spec?.secretTargetRef ?? []).some(({ name }: { name: string }) => secrets.has(name)),
      )
      .map(({ metadata }) => metadata.name),
  )
  return scaledObjects.filter(({ spec }) =>
    (spec?.triggers ?? []).some((trigger: { authenticationRef?: { name: string } }) =>
      using.has(trigger.authenticationRef?.name ?? ''),
    ),
  )
}

/** Names of the wanted keys that the Secret does not hold yet. */
export function missingKeys(secret: KubeObject | undefined, expected: Expected[]): string[] {
  const data: Record<string, string> = (secret as { data?: Record<string, string> } | undefined)?.data ?? {}
  return expected
    .filter(({ key, value }) => Buffer.from(data[key] ?? '', 'base64').toString('utf8') !== value)
    .map(({ key }) => key)
}
