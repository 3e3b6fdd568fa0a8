/** Defaults of namespaces, storage, access rules, webhooks and definitions. */
import { fill, fillZero, items, type Loose, struct } from './fill.ts'

const RBAC_GROUP = 'rbac.authorization.k8s.io'

export function defaultNamespace(namespace: Loose): void {
  const { name, labels } = namespace.metadata
  if (name) namespace.metadata.labels = { ...labels, 'kubernetes.io/metadata.name': name }
  fill(namespace, { spec: {}, status: {} })
  fill(namespace.spec, { finalizers: ['kubernetes'] })
  fillZero(namespace.status, { phase: 'Active' })
}

export function defaultSecret(secret: Loose): void {
  fillZero(secret, { type: 'Opaque' })
}

export function defaultClaim(claim: Loose): void {
  fill(claim, { status: {} })
  fillZero(claim.status, { phase: 'Pending' })
  if (struct(claim, 'spec')) fill(claim.spec, { volumeMode: 'Filesystem' })
}

export function defaultVolume(volume: Loose): void {
  fill(volume, { status: {} })
  fillZero(volume.status, { phase: 'Pending' })
  if (!struct(volume, 'spec')) return
  fillZero(volume.spec, { persistentVolumeReclaimPolicy: 'Retain' })
  fill(volume.spec, { volumeMode: 'Filesystem' })
  const hostPath = struct(volume.spec, 'hostPath')
  if (hostPath) fill(hostPath, { type: '' })
}

export function defaultStorageClass(storageClass: Loose): void {
  fill(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })
}

export function defaultPriorityClass(priorityClass: Loose): void {
  fill(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' })
}

export function defaultCsiDriver(driver: Loose): void {
  if (!struct(driver, 'spec')) return
  fill(driver.spec, {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  })
}

export function defaultBinding(binding: Loose): void {
  if (struct(binding, 'roleRef')) fillZero(binding.roleRef, { apiGroup: RBAC_GROUP })
  for (const subject of items(binding, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') fillZero(subject, { apiGroup: RBAC_GROUP })
  }
}

export function defaultWebhooks(configuration: Loose): void {
  for (const webhook of items(configuration, 'webhooks')) {
    fill(webhook, {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
    })
    if (configuration.kind === 'MutatingWebhookConfiguration') fill(webhook, { reinvocationPolicy: 'Never' })
    const service = struct(struct(webhook, 'clientConfig'), 'service')
    if (service) fill(service, { port: 443 })
    for (const rule of items(webhook, 'rules')) fill(rule, { scope: '*' })
  }
}

export function defaultApiService(service: Loose): void {
  const reference = struct(struct(service, 'spec'), 'service')
  if (reference) fill(reference, { port: 443 })
}

/** Singular, list kind and conversion of a CustomResourceDefinition, and its status lists. */
export function defaultDefinition(crd: Loose): void {
  const spec = struct(crd, 'spec')
  const names = struct(spec, 'names')
  if (!spec || !names) return
  if (typeof names.kind === 'string') {
    fillZero(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` })
  }
  fill(spec, { conversion: {} })
  fillZero(spec.conversion, { strategy: 'None' })
  fill(crd, { status: {} })
  const stored = items(spec, 'versions').find((version) => version.storage)
  fill(crd.status, {
    acceptedNames: { kind: '', plural: '' },
    conditions: [],
    storedVersions: stored ? [stored.name] : [],
  })
}
