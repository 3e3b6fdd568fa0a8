/** `status.scaledobjects` of a TriggerAuthentication: who uses it, comma-joined. */
import type { Client } from '../../../client.ts'
import { isStatus } from '../../../errors.ts'
import { CLUSTER_TRIGGER_AUTHENTICATIONS, KEDA_OPERATOR, TRIGGER_AUTHENTICATIONS } from '../resources.ts'
import type { ScaledObject } from '../types.ts'

/** Adds or removes the ScaledObject's name at every authentication that its triggers name. */
export function markAuthUsers(client: Client, { metadata, spec }: ScaledObject, used: boolean): void {
  for (const { authenticationRef: ref } of spec.triggers) {
    if (!ref?.name) continue
    const cluster = ref.kind === 'ClusterTriggerAuthentication'
    const resource = cluster ? CLUSTER_TRIGGER_AUTHENTICATIONS : TRIGGER_AUTHENTICATIONS
    mark(client, resource, cluster ? undefined : metadata.namespace, ref.name, metadata.name, used)
  }
}

function mark(
  client: Client,
  resource: string,
  namespace: string | undefined,
  name: string,
  user: string,
  used: boolean,
): void {
  const listed: string = client.get(resource, namespace, name)?.status?.scaledobjects ?? ''
  const users = listed.split(',').filter(Boolean)
  if (users.includes(user) === used) return
  const scaledobjects = (used ? [...users, user] : users.filter((other) => other !== user)).join(',')
  try {
    const patch = { status: { scaledobjects } }
    client.patch(resource, namespace, name, patch, {
      type: 'merge',
      subresource: 'status',
      fieldManager: KEDA_OPERATOR,
    })
  } catch (thrown) {
    // Gone by now, or never there: the scaler's own error tells the user.
    if (!isStatus(thrown, 404)) throw thrown
  }
}
