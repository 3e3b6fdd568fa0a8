/** Validating admission: what an operator's webhook says of an object before it is stored. */
import type { KubeObject } from './objects.ts'

export interface AdmissionRequest {
  object: KubeObject
  /** Absent on a create. */
  old: KubeObject | undefined
  dryRun: boolean
}

export interface Verdict {
  /** Why it is refused; undefined = admitted. */
  error?: string
  /** Sent to the caller as Warning headers. */
  warnings: string[]
}

/** Asked about creates and updates of one resource, not about its subresources. */
export interface ValidatingWebhook {
  /** As in the operator's ValidatingWebhookConfiguration: callers see it in the refusal. */
  name: string
  /** `scaledobjects.keda.sh` */
  resource: string
  validate(request: AdmissionRequest): Verdict
}
