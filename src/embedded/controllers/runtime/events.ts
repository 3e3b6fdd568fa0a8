/** Core v1 Events, deduplicated as client-go's recorder does: the same event counts up. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { Client } from '../../client.ts'
import { isStatus } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'

export interface EventSpec {
  regarding: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** source.component and reportingComponent, e.g. `deployment-controller`. */
  component: string
  /** involvedObject.fieldPath, e.g. `spec.containers{app}`. */
  fieldPath?: string
  /** source.host. */
  host?: string
}

const EVENTS = 'v1/events'

/**
 * Writes an Event, or counts up the one with the same object, reason, message and component.
 * Answers undefined when the namespace is gone or going.
 */
export function recordEvent(client: Client, nowMs: number, spec: EventSpec): KubeObject | undefined {
  const { regarding } = spec
  const namespace = regarding.metadata.namespace ?? 'default'
  const time = rfc3339(nowMs)
  const same = client
    .list(EVENTS, {
      namespace,
      fieldSelector: `involvedObject.uid=${regarding.metadata.uid},reason=${spec.reason}`,
    })
    .find(
      (event) =>
        event.message === spec.message &&
        event.source?.component === spec.component &&
        event.involvedObject?.fieldPath === spec.fieldPath,
    )
  try {
    if (same) {
      return client.patch(
        EVENTS,
        namespace,
        same.metadata.name,
        { count: (same.count ?? 1) + 1, lastTimestamp: time },
        { type: 'merge', fieldManager: spec.component },
      )
    }
    return client.create(
      EVENTS,
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${regarding.metadata.name}.${suffix()}`, namespace },
        involvedObject: {
          apiVersion: regarding.apiVersion,
          kind: regarding.kind,
          name: regarding.metadata.name,
          ...(regarding.metadata.namespace ? { namespace: regarding.metadata.namespace } : {}),
          uid: regarding.metadata.uid,
          resourceVersion: regarding.metadata.resourceVersion,
          ...(spec.fieldPath ? { fieldPath: spec.fieldPath } : {}),
        },
        reason: spec.reason,
        message: spec.message,
        type: spec.type,
        source: { component: spec.component, ...(spec.host ? { host: spec.host } : {}) },
        reportingComponent: spec.component,
        reportingInstance: spec.host ?? '',
        firstTimestamp: time,
        lastTimestamp: time,
        eventTime: null,
        count: 1,
      },
      { fieldManager: spec.component },
    )
  } catch (thrown) {
    // Events are best effort: a namespace that is going refuses them, and so does one that is gone.
    if (isStatus(thrown, 403) || isStatus(thrown, 404) || isStatus(thrown, 409)) return undefined
    throw thrown
  }
}

let last = 0n
/** Unique within the process, and rising: nanoseconds since the epoch in hex, as client-go names events. */
function suffix(): string {
  const now = BigInt(Date.now()) * 1_000_000n
  last = now > last ? now : last + 1n
  return last.toString(16)
}
