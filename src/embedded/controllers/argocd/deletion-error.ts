/** What an Application and its events say of a deletion that does not get on. */
import { recordEvent } from '../runtime/events.ts'
import { replaceConditions } from './conditions.ts'
import { APPLICATIONS, COMPONENT, FIELD_MANAGER } from './names.ts'
import type { ObserveTools } from './observe.ts'
import type { Application } from './types.ts'

/** Said once for each reason. */
export function reportDeletionError(app: Application, reason: string, { client, nowMs }: ObserveTools): void {
  const found = { type: 'DeletionError', message: reason }
  const current = app.status?.conditions ?? []
  if (current.some(({ type, message }) => type === found.type && message === found.message)) return
  const conditions = replaceConditions(current, new Set([found.type]), [found], nowMs)
  const { namespace, name } = app.metadata
  const options = { type: 'merge', fieldManager: FIELD_MANAGER } as const
  client.patch(APPLICATIONS, namespace, name, { status: { conditions } }, options)
  recordEvent(client, nowMs, {
    regarding: app,
    type: 'Warning',
    reason: 'StatusRefreshed',
    message: `Unable to delete application resources: ${reason}`,
    component: COMPONENT,
  })
}
