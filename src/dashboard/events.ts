/** Kubernetes events as lines, newest first. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { EventLine } from './snapshot.ts'

/** Takes either form of the API: events written by events.k8s.io have a series in place of counts and times. */
export function eventLine(event: KubeObject): EventLine {
  const { involvedObject = {}, series, metadata } = event
  return {
    at:
      series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.firstTimestamp ??
      metadata.creationTimestamp ??
      '',
    type: event.type ?? 'Normal',
    object: `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: series?.count ?? event.count ?? 1,
  }
}

/** The latest of all; those of one moment in the order of their names, so that they do not dance. */
export function latestEvents(events: readonly KubeObject[], most: number): EventLine[] {
  return events
    .map((event) => ({ line: eventLine(event), name: event.metadata.name, ms: 0 }))
    .map((one) => ({ ...one, ms: Date.parse(one.line.at) || 0 }))
    .sort((a, b) => b.ms - a.ms || (a.name < b.name ? 1 : -1))
    .slice(0, most)
    .map(({ line }) => line)
}
