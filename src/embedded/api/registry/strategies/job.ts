/** Jobs: the selector and the pod labels that tell a job's pods from all others. */
import type { KubeObject } from '../../../objects.ts'
import type { Strategy } from './strategy.ts'

function generateSelector(object: KubeObject): void {
  const { uid, name } = object.metadata
  const template = object.spec.template
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } }
  object.spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
}

export const jobStrategy: Strategy = {
  orphansByDefault: true,
  prepareCreate(object) {
    if (!object.spec?.template || object.spec.manualSelector === true) return
    generateSelector(object)
    // A Job without labels takes those of its pods, which have just been completed.
    if (!object.metadata.labels) object.metadata.labels = { ...object.spec.template.metadata.labels }
  },
}
