/** CustomResourceDefinitions: derived names, and registration with the catalog before they are stored. */
import { equal } from '../../../store/json.ts'
import { nameConflict } from '../crd-status.ts'
import type { Strategy } from './strategy.ts'

export const CRD_BUCKET = 'customresourcedefinitions.apiextensions.k8s.io'
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io'

function storageVersion(spec: any): string | undefined {
  return spec?.versions?.find((version: any) => version?.storage)?.name
}

export const crdStrategy: Strategy = {
  finalizersOnDelete: [CLEANUP_FINALIZER],
  prepareUpdate(object, old) {
    const storage = storageVersion(object.spec)
    const stored: string[] = old.status?.storedVersions ?? []
    if (storage !== undefined && !stored.includes(storage)) {
      object.status = { ...object.status, storedVersions: [...stored, storage] }
    }
  },
  beforeStore(object, old, { catalog, store }) {
    if (old && equal(old.spec, object.spec)) return
    const others = store.list(CRD_BUCKET).filter(({ metadata }) => metadata.name !== object.metadata.name)
    // Names that are taken are not served; the status will say so.
    if (!nameConflict(object.spec, others)) catalog.setCustomResource(object)
  },
  afterRemove(object, { catalog }) {
    catalog.removeCustomResource(object.metadata.name)
  },
}
