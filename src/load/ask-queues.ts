/** What the broker's management API says of its queues. */
import { type BrokerAccess, listQueues, type QueueDepth } from '../lib/rabbitmq.ts'

export type ManagementAccess = Pick<BrokerAccess, 'management' | 'username' | 'password'> &
  Partial<Pick<BrokerAccess, 'renew'>>

/**
 * Undefined while it cannot be asked. Then the credentials are read again for the next time: a password that is
 * rotated under a run leaves its connections open, and this is the first to be refused.
 */
export async function askQueues(access: ManagementAccess): Promise<QueueDepth[] | undefined> {
  try {
    return await listQueues(access)
  } catch {
    await access.renew?.().catch(() => undefined)
    return undefined
  }
}
