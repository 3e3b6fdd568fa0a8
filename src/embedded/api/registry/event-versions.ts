/** Events have two groups and one storage: core/v1, and events.k8s.io/v1 with other names for some fields. */
import type { KubeObject } from '../../objects.ts'

const CORE = 'v1'
const EVENTS = 'events.k8s.io/v1'

/** Field of core/v1 → field of events.k8s.io/v1. */
const NAMES: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
}
const BACK = Object.fromEntries(Object.entries(NAMES).map(([core, events]) => [events, core]))

/** The event in the other version's words; any other object as it is. */
export function convertEvent(object: KubeObject, apiVersion: string): KubeObject {
  if (object.kind !== 'Event' || object.apiVersion === apiVersion) return object
  if (apiVersion !== CORE && apiVersion !== EVENTS) return object
  const names = apiVersion === EVENTS ? NAMES : BACK
  const fields = Object.entries(object).map(([field, value]) => [names[field] ?? field, value])
  return { ...Object.fromEntries(fields), apiVersion } as KubeObject
}
