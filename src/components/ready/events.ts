/** The last event about some objects, for those who wait for them. */
import type { KubeObject } from '../../lib/kube/object.ts'

/** `FailedScheduling: 0/1 nodes are available` of the latest warning, else of the latest event; undefined without. */
export function lastEventOf(objects: (KubeObject | undefined)[], events: KubeObject[]): string | undefined {
  const about = new Set(objects.flatMap((object) => object?.metadata.uid ?? []))
  const own = events.filter((event) => about.has(event.involvedObject?.uid))
  const latest = newest(own.filter(({ type }) => type === 'Warning')) ?? newest(own)
  return latest ? `${latest.reason}: ${String(latest.message).trim()}` : undefined
}

function newest(events: KubeObject[]): KubeObject | undefined {
  return events.reduce<KubeObject | undefined>(
    (last, event) => (last && timeOf(last) >= timeOf(event) ? last : event),
    undefined,
  )
}

/** Events of the newer API have eventTime and a series in place of lastTimestamp. */
function timeOf(event: KubeObject): string {
  return (
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp ??
    ''
  )
}
