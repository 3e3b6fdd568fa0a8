/** Whether a Secret that a pod lacks is on its way. Pure. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { conditionOf } from './pods.ts'

/** A kubelet tries a container again some ten seconds after it did not find a Secret, a busy one later. */
const NOTICED_MS = 60_000

/** True while an ExternalSecret has yet to make it, or made it so lately that a pod may not have seen it. */
export function isAwaited(name: string, externalSecrets: KubeObject[], now: number): boolean {
  return externalSecrets.some((one) => {
    if ((one.spec?.target?.name ?? one.metadata.name) !== name) return false
    const ready = conditionOf(one, 'Ready')
    return ready?.status !== 'True' || now - Date.parse(ready.lastTransitionTime ?? '') < NOTICED_MS
  })
}
