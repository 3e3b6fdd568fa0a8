/** `target.template`: renders data, labels and annotations of the Secret. */

import { parse as parseYaml } from 'yaml'
import { messageOf } from '../../../../lib/errors.ts'
import type { Client } from '../../../client.ts'
import type { KubeObject } from '../../../objects.ts'
import { CONFIG_MAPS, SECRETS } from '../resources.ts'
import type { Decoding, SecretData, Template, TemplateFrom, TemplateSource } from '../types.ts'
import { decode } from './decode.ts'
import { decodedData } from './secret-data.ts'
import type { TemplateEngine } from './template.ts'

export interface Rendered {
  data: SecretData
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** Throws `could not apply template: …` with the key that failed. `provider` is the gathered data. */
export function applyTemplate(
  template: Template,
  provider: SecretData,
  { client, namespace, render }: { client: Client; namespace: string; render: TemplateEngine },
): Rendered {
  const variables = Object.fromEntries(
    Object.entries(provider).map(([key, value]) => [key, value.toString('utf8')]),
  )
  const execute = (text: string, key: string): string => {
    try {
      return render(text, variables)
    } catch (thrown) {
      throw new Error(
        `could not apply template: could not execute template: unable to execute template at key ${key}: ${messageOf(thrown)}`,
        { cause: thrown },
      )
    }
  }
  const keepsProvider = template.mergePolicy === 'Merge' || (!template.data && !template.templateFrom?.length)
  const rendered: Rendered = { data: keepsProvider ? { ...provider } : {}, labels: {}, annotations: {} }
  for (const from of template.templateFrom ?? []) addTemplateFrom(rendered, from, client, namespace, execute)
  for (const [key, text] of Object.entries(template.data ?? {})) {
    rendered.data[key] = Buffer.from(execute(text, key))
  }
  for (const [key, text] of Object.entries(template.metadata?.labels ?? {})) {
    rendered.labels[key] = execute(text, key)
  }
  for (const [key, text] of Object.entries(template.metadata?.annotations ?? {})) {
    rendered.annotations[key] = execute(text, key)
  }
  return rendered
}

type Execute = (text: string, key: string) => string

function addTemplateFrom(
  rendered: Rendered,
  from: TemplateFrom & { valuesDecodingStrategy?: Decoding },
  client: Client,
  namespace: string,
  execute: Execute,
): void {
  const put = putter(rendered, from.target, from.valuesDecodingStrategy)
  if (from.literal !== undefined) putAll(put, execute(from.literal, 'literal'))
  for (const [source, read] of [
    [from.configMap, (name: string) => client.get(CONFIG_MAPS, namespace, name)?.data],
    [from.secret, (name: string) => textsOf(client.get(SECRETS, namespace, name))],
  ] as const) {
    if (source) addSource(put, source, read(source.name), execute)
  }
}

function textsOf(secret: KubeObject | undefined): Record<string, string> | undefined {
  if (!secret) return undefined
  return Object.fromEntries(
    Object.entries(decodedData(secret)).map(([key, value]) => [key, value.toString()]),
  )
}

function addSource(
  put: (key: string, value: string) => void,
  { name, items }: TemplateSource,
  texts: Record<string, string> | undefined,
  execute: Execute,
): void {
  if (!texts) throw new Error(`could not apply template: ${name} not found`)
  for (const { key, templateAs } of items) {
    const text = texts[key]
    if (text === undefined) throw new Error(`could not apply template: key ${key} does not exist in ${name}`)
    const result = execute(text, key)
    if (templateAs === 'KeysAndValues') putAll(put, result)
    else put(key, result)
  }
}

/** The rendered text is a YAML map of strings. */
function putAll(put: (key: string, value: string) => void, yaml: string): void {
  for (const [key, value] of Object.entries((parseYaml(yaml) as Record<string, unknown>) ?? {})) {
    put(key, String(value))
  }
}

function putter(
  rendered: Rendered,
  target = 'Data',
  decoding?: Decoding,
): (key: string, value: string) => void {
  switch (target.toLowerCase()) {
    case 'data':
      return (key, value) => {
        const bytes = decode(Buffer.from(value), decoding)
        if (!bytes)
          throw new Error(`error applying decoding strategy ${decoding} to data: illegal base64 data`)
        rendered.data[key] = bytes
      }
    case 'labels':
      return (key, value) => {
        rendered.labels[key] = value
      }
    case 'annotations':
      return (key, value) => {
        rendered.annotations[key] = value
      }
    default:
      throw new Error(`could not apply template: target ${target} is not available in the embedded cluster`)
  }
}
