/** Validating admission of a write: the last word, after the type's own validation. */
import { ApiError } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { bucketOf, type RegistryContext, type WriteRequest } from './context.ts'

/** Asks the webhooks of the type. Throws a 403 with the first refusal, as the API server words it. */
export function admit(
  { webhooks }: RegistryContext,
  info: ResourceInfo,
  object: KubeObject,
  old: KubeObject | undefined,
  request: WriteRequest,
): void {
  if (request.subresource) return
  const resource = bucketOf(info)
  for (const webhook of webhooks) {
    if (webhook.resource !== resource) continue
    const { error, warnings } = webhook.validate({ object, old, dryRun: request.dryRun === true })
    for (const warning of warnings) request.warn?.(warning)
    if (error === undefined) continue
    throw new ApiError(403, 'Forbidden', `admission webhook "${webhook.name}" denied the request: ${error}`)
  }
}
