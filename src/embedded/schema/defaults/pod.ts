/** Defaults of pod specs and their volumes (pkg/apis/core/v1/defaults.go). */
import { defaultContainer, defaultRequests } from './containers.ts'
import { fill, fillZero, items, type Loose, struct } from './fill.ts'

const FILE_MODE = 0o644
/** Volume sources of storage systems, with their systems' own defaults. */
const SOURCES: Record<string, Loose> = {
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
}

/** Defaults of a PodSpec, wherever it stands: in a pod or in a workload's template. */
export function defaultPodSpec(spec: Loose | undefined): void {
  if (!spec) return
  fillZero(spec, { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler' })
  fill(spec, { terminationGracePeriodSeconds: 30, securityContext: {} })
  // The deprecated twin of serviceAccountName is kept equal to it.
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of items(spec, list)) {
      defaultContainer(container)
      if (spec.hostNetwork)
        for (const port of items(container, 'ports')) fillZero(port, { hostPort: port.containerPort })
    }
  }
  for (const volume of items(spec, 'volumes')) defaultVolume(volume)
}

/** Defaults that only pods have, not the templates of workloads. */
export function defaultPod(pod: Loose): void {
  const spec = struct(pod, 'spec')
  if (spec) fill(spec, { enableServiceLinks: true })
  defaultPodSpec(spec)
  for (const container of [...items(spec, 'containers'), ...items(spec, 'initContainers')])
    defaultRequests(container)
  pod.status = { phase: 'Pending', ...struct(pod, 'status') }
}

function defaultVolume(volume: Loose): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {}
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const found = struct(volume, source)
    if (found) fill(found, { defaultMode: FILE_MODE })
  }
  for (const [source, values] of Object.entries(SOURCES)) {
    const found = struct(volume, source)
    if (found) fillZero(found, values)
  }
  const disk = struct(volume, 'azureDisk')
  if (disk) fill(disk, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false })
  const hostPath = struct(volume, 'hostPath')
  if (hostPath) fill(hostPath, { type: '' })
  for (const item of items(struct(volume, 'downwardAPI'), 'items')) defaultFieldRef(item)
  for (const source of items(struct(volume, 'projected'), 'sources')) {
    const token = struct(source, 'serviceAccountToken')
    if (token) fill(token, { expirationSeconds: 3600 })
    for (const item of items(struct(source, 'downwardAPI'), 'items')) defaultFieldRef(item)
  }
  const claim = struct(struct(struct(volume, 'ephemeral'), 'volumeClaimTemplate'), 'spec')
  if (claim) fill(claim, { volumeMode: 'Filesystem' })
}

function defaultFieldRef(item: Loose): void {
  const field = struct(item, 'fieldRef')
  if (field) fillZero(field, { apiVersion: 'v1' })
}
