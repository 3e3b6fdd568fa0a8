/** kubectl's columns of volumes, claims and storage classes. */
import type { KubeObject } from '../../objects.ts'
import { AGE, type Column, NAME, text, wide } from './column.ts'

const MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

function accessModes(modes: string[] | undefined): string {
  return (modes ?? []).map((mode) => MODES[mode] ?? mode).join(',')
}

const volumeMode = wide(text('VolumeMode', ({ spec }) => spec?.volumeMode ?? '<unset>'))

export const CLAIMS: Column[] = [
  NAME,
  text('Status', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  text('Volume', ({ spec }) => spec?.volumeName ?? ''),
  text('Capacity', ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.storage ?? '') : '')),
  text('Access Modes', ({ spec, status }) => (spec?.volumeName ? accessModes(status?.accessModes) : '')),
  text('StorageClass', ({ spec }) => spec?.storageClassName ?? ''),
  text('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>'),
  AGE,
  volumeMode,
]

export const VOLUMES: Column[] = [
  NAME,
  text('Capacity', ({ spec }) => spec?.capacity?.storage ?? ''),
  text('Access Modes', ({ spec }) => accessModes(spec?.accessModes)),
  text('Reclaim Policy', ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? ''),
  text('Status', ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  text('Claim', ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')),
  text('StorageClass', ({ spec }) => spec?.storageClassName ?? ''),
  text('VolumeAttributesClass', ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>'),
  text('Reason', ({ status }) => status?.reason ?? ''),
  AGE,
  volumeMode,
]

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'

export const STORAGE_CLASSES: Column[] = [
  text('Name', ({ metadata }: KubeObject) =>
    metadata.annotations?.[DEFAULT_CLASS] === 'true' ? `${metadata.name} (default)` : metadata.name,
  ),
  text('Provisioner', (object) => object.provisioner),
  text('ReclaimPolicy', (object) => object.reclaimPolicy ?? 'Delete'),
  text('VolumeBindingMode', (object) => object.volumeBindingMode ?? 'Immediate'),
  {
    name: 'AllowVolumeExpansion',
    type: 'boolean',
    priority: 0,
    cell: (object) => object.allowVolumeExpansion ?? false,
  },
  AGE,
]
