/** The message tables, read into field maps when the first protobuf body comes. */

import {
  AUTHENTICATION,
  AUTHORIZATION,
  COORDINATION,
  DISCOVERY,
  EVENTS,
  NETWORKING,
  RBAC,
  SCHEDULING,
  STORAGE,
} from './messages/cluster.ts'
import { CORE } from './messages/core.ts'
import { META } from './messages/meta.ts'
import { APPS, AUTOSCALING, AUTOSCALINGV1, BATCH, POLICY } from './messages/workloads.ts'

/**
 * One line per message: its name, then its fields as NUMBER NAME `:` TYPE.
 * Types: s string, i integer, b boolean, y bytes; time, micro, duration, quantity, intstr, fields, raw: the
 * scalars of apimachinery; list: a message that stands for a list of strings; else a message, with its group
 * where that is another. `*` repeated, `#` a map from string, `?` a pointer in Go: its zero value counts.
 * The name `~` is that of an inlined message: its fields are the parent's.
 */
const GROUPS: Record<string, string> = {
  core: CORE,
  apps: APPS,
  batch: BATCH,
  autoscaling: AUTOSCALING,
  autoscalingv1: AUTOSCALINGV1,
  policy: POLICY,
  networking: NETWORKING,
  rbac: RBAC,
  coordination: COORDINATION,
  authentication: AUTHENTICATION,
  authorization: AUTHORIZATION,
  discovery: DISCOVERY,
  events: EVENTS,
  scheduling: SCHEDULING,
  storage: STORAGE,
  meta: META,
}

const API_VERSIONS: Record<string, string> = {
  v1: 'core',
  'apps/v1': 'apps',
  'batch/v1': 'batch',
  'autoscaling/v1': 'autoscalingv1',
  'autoscaling/v2': 'autoscaling',
  'policy/v1': 'policy',
  'networking.k8s.io/v1': 'networking',
  'rbac.authorization.k8s.io/v1': 'rbac',
  'coordination.k8s.io/v1': 'coordination',
  'authentication.k8s.io/v1': 'authentication',
  'authorization.k8s.io/v1': 'authorization',
  'discovery.k8s.io/v1': 'discovery',
  'events.k8s.io/v1': 'events',
  'scheduling.k8s.io/v1': 'scheduling',
  'storage.k8s.io/v1': 'storage',
  'meta.k8s.io/v1': 'meta',
}

export interface WireField {
  /** undefined: inlined. */
  name: string | undefined
  /** A scalar's letter or word, or `group.Message`. */
  type: string
  repeated: boolean
  map: boolean
  pointer: boolean
}

export type WireMessage = Map<number, WireField>

let messages: Map<string, WireMessage> | undefined

/** The fields of `group.Message`; undefined when there is no such message. */
export function wireMessage(name: string): WireMessage | undefined {
  messages ??= new Map(Object.entries(GROUPS).flatMap(([group, table]) => readTable(group, table)))
  return messages.get(name)
}

/** The message of a kind; options of meta/v1 come under any group's version. */
export function wireMessageOf(apiVersion: string, kind: string): string | undefined {
  const group = API_VERSIONS[apiVersion]
  if (group && wireMessage(`${group}.${kind}`)) return `${group}.${kind}`
  return wireMessage(`meta.${kind}`) ? `meta.${kind}` : undefined
}

function readTable(group: string, table: string): [string, WireMessage][] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...fields] = line.split(' ')
      return [`${group}.${name}`, new Map(fields.map((field) => readField(group, field)))]
    })
}

function readField(group: string, text: string): [number, WireField] {
  const [, number, name, mark, type = '', pointer] = /^(\d+)(~|\w+):([*#]?)([\w.]+)(\??)$/.exec(text) ?? []
  // Messages begin with a capital, scalars do not.
  const local = /^[A-Z]/.test(type)
  return [
    Number(number),
    {
      name: name === '~' ? undefined : name,
      type: local ? `${group}.${type}` : type,
      repeated: mark === '*',
      map: mark === '#',
      pointer: pointer === '?',
    },
  ]
}
