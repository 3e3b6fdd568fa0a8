/** All objects of a cluster, by resource, as YAML; Secrets without their data. */
import { stringify } from 'yaml'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'

/** Puts a file into the archive. */
export type Add = (path: string, content: string) => void
/** Notes what could not be had. */
export type Problem = (what: string, thrown: unknown) => void

interface ApiResource {
  name: string
  verbs: string[]
}

/** Events have a file of their own, and copies of them in a second group. */
const LEFT_OUT = new Set(['v1/events', 'events.k8s.io/v1/events', 'v1/componentstatuses'])

export async function collectObjects(client: KubeClient, add: Add, problem: Problem): Promise<void> {
  for (const api of await apiVersions(client)) {
    const path = api.includes('/') ? `/apis/${api}` : `/api/${api}`
    const { resources } = JSON.parse(await client.raw('GET', path)) as { resources: ApiResource[] }
    const listed = resources.filter(({ name, verbs }) => verbs.includes('list') && !name.includes('/'))
    for (const { name } of listed) {
      const resource = `${api}/${name}`
      if (LEFT_OUT.has(resource)) continue
      try {
        const { items } = await client.list(resource)
        if (items.length > 0) add(`objects/${resource}.yaml`, items.map(shown).join('---\n'))
      } catch (thrown) {
        problem(resource, thrown)
      }
    }
  }
}

async function apiVersions(client: KubeClient): Promise<string[]> {
  const { groups } = JSON.parse(await client.raw('GET', '/apis')) as {
    groups: { preferredVersion: { groupVersion: string } }[]
  }
  return ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)]
}

/** managedFields are half of an object and say little. */
function shown(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata as KubeObject['metadata'] & {
    managedFields?: unknown
  }
  const rest = object.kind === 'Secret' ? withoutData(object) : object
  return stringify({ ...rest, metadata })
}

function withoutData(object: KubeObject): object {
  const { data = {}, ...rest } = object as KubeObject & { data?: Record<string, string> }
  const lengths = Object.entries(data).map(([key, value]) => [
    key,
    `«redacted, ${Buffer.from(value, 'base64').length} bytes»`,
  ])
  return { ...rest, data: Object.fromEntries(lengths) }
}

/** All events, oldest first, a line each. */
export async function collectEvents(client: KubeClient, add: Add): Promise<void> {
  const { items } = await client.list('v1/events')
  const lines = items.map((event) => {
    const {
      lastTimestamp,
      eventTime,
      type,
      reason,
      message,
      involvedObject,
      count = 1,
    } = event as KubeObject & Record<string, any>
    const at = lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp
    return `${at} ${type} ${involvedObject.kind}/${involvedObject.namespace ?? ''}/${involvedObject.name} ${reason} ×${count}: ${message}`
  })
  add('events.txt', `${lines.sort().join('\n')}\n`)
}

/** What every container has logged, and the run before a restart. */
export async function collectLogs(client: KubeClient, add: Add, problem: Problem): Promise<void> {
  const { items: pods } = await client.list('v1/pods')
  for (const pod of pods) {
    const { name, namespace = 'default' } = pod.metadata
    for (const status of pod.status?.containerStatuses ?? []) {
      for (const previous of status.restartCount > 0 ? [false, true] : [false]) {
        const file = `logs/${namespace}/${name}/${status.name}${previous ? '.previous' : ''}.log`
        try {
          const lines: string[] = []
          const options = { container: status.name, previous, timestamps: true, tailLines: 2000 }
          for await (const line of client.logs(namespace, name, options)) lines.push(line)
          add(file, `${lines.join('\n')}\n`)
        } catch (thrown) {
          problem(file, thrown)
        }
      }
    }
  }
}
