/** Rules on pod templates. */
import { found, rule } from '../finding.ts'
import {
  covers,
  type Linted,
  type LintInput,
  ofKind,
  podLabelsOf,
  podSpecOf,
  sameNamespace,
  workloadsOf,
} from '../input.ts'

const readiness = rule('readiness-probe', 'pods behind a Service without a readinessProbe', (input) =>
  workloadsOf(input).flatMap((workload) => {
    const service = ofKind(input, 'Service').find(
      ({ object }) =>
        covers(object.spec?.selector, podLabelsOf(workload)) && sameNamespace(object, workload.object),
    )
    const containers: any[] = podSpecOf(workload)?.containers ?? []
    if (!service || containers.some(({ readinessProbe }) => readinessProbe)) return []
    const canary = (workload.object.spec?.strategy?.canary?.steps ?? []).length > 0
    const name = service.object.metadata.name
    const why = canary
      ? `Without a readinessProbe every canary counts as good once its process runs: a broken release walks through all steps, and Service ${name} sends it requests.`
      : `Service ${name} sends requests to its pods as soon as their processes run, before they listen.`
    return [
      found(canary ? 'error' : 'warning', workload, why, 'Give the container that listens a readinessProbe.'),
    ]
  }),
)

const pull = rule('pull-always', 'imagePullPolicy Always on images that are on this machine', (input) =>
  workloadsOf(input).flatMap((workload) =>
    containersOf(workload).flatMap(({ name, image = '', imagePullPolicy }) => {
      const policy =
        imagePullPolicy ??
        (/:latest$|^[^:]*$/.test(image.slice(image.lastIndexOf('/') + 1)) ? 'Always' : 'IfNotPresent')
      if (policy !== 'Always' || !input.isLocalImage(image)) return []
      const how = imagePullPolicy ? 'has imagePullPolicy Always' : 'has no tag, which means Always'
      const why = `Container ${name} ${how}: each start asks the registry, even for an image that was built or loaded here.`
      return [found('warning', workload, why, 'Set imagePullPolicy: IfNotPresent.')]
    }),
  ),
)

const references = rule('missing-reference', 'Secrets and ConfigMaps that nothing makes', (input) => {
  const secrets = new Set([...input.given.secrets, ...madeSecrets(input)])
  const maps = new Set(ofKind(input, 'ConfigMap').map(({ object }) => object.metadata.name))
  const missing = (linted: Linted, kind: string, name: string) =>
    found(
      'error',
      linted,
      `${kind} ${name} is made by nothing here: its pods wait with CreateContainerConfigError.`,
      `Make ${kind} ${name}, mend the name, or mark it optional.`,
    )
  return [
    ...workloadsOf(input).flatMap((workload) => {
      const wanted = referencesOf(workload)
      return [
        ...wanted.secrets
          .filter((name) => !secrets.has(name))
          .map((name) => missing(workload, 'Secret', name)),
        ...wanted.maps.filter((name) => !maps.has(name)).map((name) => missing(workload, 'ConfigMap', name)),
      ]
    }),
    ...ofKind(input, 'TriggerAuthentication').flatMap((auth) =>
      names((auth.object.spec?.secretTargetRef ?? []).map((ref: any) => ref.name))
        .filter((name) => !secrets.has(name))
        .map((name) =>
          found(
            'error',
            auth,
            `Secret ${name} is made by nothing here: KEDA asks the broker without a password.`,
            `Make Secret ${name}, or mend the name.`,
          ),
        ),
    ),
  ]
})

function containersOf(workload: Linted): any[] {
  const spec = podSpecOf(workload)
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
}

function madeSecrets(input: LintInput): string[] {
  const own = ofKind(input, 'Secret').map(({ object }) => object.metadata.name)
  const synced = ofKind(input, 'ExternalSecret').map(
    ({ object }) => object.spec?.target?.name ?? object.metadata.name,
  )
  return [...own, ...synced]
}

/** Names that a pod needs: optional ones and pull secrets do not stop it. */
function referencesOf(workload: Linted): { secrets: string[]; maps: string[] } {
  const spec = podSpecOf(workload)
  const refs = containersOf(workload).flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.flatMap(({ secretRef, configMapRef }: any) => [{ secret: secretRef, map: configMapRef }]),
    ...env.flatMap(({ valueFrom }: any) => [
      { secret: valueFrom?.secretKeyRef, map: valueFrom?.configMapKeyRef },
    ]),
  ])
  const volumes = (spec?.volumes ?? []).map(({ secret, configMap }: any) => ({
    secret: secret && { ...secret, name: secret.secretName },
    map: configMap,
  }))
  const all = [...refs, ...volumes]
  const needed = (ref: any) => (ref?.name && ref.optional !== true ? [ref.name] : [])
  return {
    secrets: names(all.flatMap(({ secret }) => needed(secret))),
    maps: names(all.flatMap(({ map }) => needed(map))),
  }
}

function names(list: string[]): string[] {
  return [...new Set(list)]
}

export const PODS = [readiness, pull, references]
