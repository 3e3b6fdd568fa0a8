/** `rewrite` of a dataFrom entry: renames keys by regexp or template, or merges JSON values. */
import { RE2JS } from 're2js'
import type { Rewrite, SecretData } from '../types.ts'
import { isObject, marshal, parseJson, toBytes } from '../vault-provider/json-text.ts'
import type { TemplateEngine } from './template.ts'

/** The operations in order. */
export function rewriteAll(data: SecretData, operations: Rewrite[], render: TemplateEngine): SecretData {
  return operations.reduce((current, operation) => rewrite(current, operation, render), data)
}

function rewrite(
  data: SecretData,
  { regexp, transform, merge }: Rewrite,
  render: TemplateEngine,
): SecretData {
  if (regexp) {
    const pattern = RE2JS.compile(regexp.source)
    return renameKeys(data, (key) => replaceAll(pattern, key, regexp.target))
  }
  if (transform) return renameKeys(data, (value) => render(transform.template, { value }))
  return merge ? mergeValues(data, merge) : data
}

function renameKeys(data: SecretData, rename: (key: string) => string): SecretData {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [rename(key), value]))
}

/** Go's ReplaceAllString: `$1`, `${1}`, `$name`, `${name}`, `$$`; an unknown group is empty. */
function replaceAll(pattern: RE2JS, text: string, target: string): string {
  const matcher = pattern.matcher(text)
  const named = pattern.namedGroups()
  const group = (name: string): string => {
    const index = /^\d+$/.test(name) ? Number(name) : named[name]
    return index !== undefined && index <= matcher.groupCount() ? (matcher.group(index) ?? '') : ''
  }
  let result = ''
  let at = 0
  while (matcher.find()) {
    const replacement = target.replace(
      /\$(?:\$|\{(\w+)\}|(\w+))/g,
      (whole, braced?: string, bare?: string) => (whole === '$$' ? '$' : group(braced ?? bare ?? '')),
    )
    result += text.slice(at, matcher.start()) + replacement
    at = matcher.end()
  }
  return result + text.slice(at)
}

/** Values are JSON objects; sorted keys come first, priority keys last, and later ones win. */
function mergeValues(data: SecretData, merge: NonNullable<Rewrite['merge']>): SecretData {
  const merged: Record<string, unknown> = {}
  const priority = merge.priority ?? []
  for (const key of orderedKeys(data, priority, merge.priorityPolicy)) {
    const parsed = parseJson(data[key]!.toString('utf8'))
    if (!isObject(parsed)) throw new Error(`merge failed: value of key "${key}" is not a JSON object`)
    for (const [name, value] of Object.entries(parsed)) {
      if (name in merged && merge.conflictPolicy !== 'Ignore' && !priority.includes(key)) {
        throw new Error(`merge failed with conflicts: ${name}`)
      }
      merged[name] = value
    }
  }
  if (merge.strategy !== 'JSON') {
    return Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, toBytes(value)]))
  }
  if (!merge.into) throw new Error('merge failed: into is required with strategy JSON')
  return { ...data, [merge.into]: Buffer.from(marshal(merged)) }
}

function orderedKeys(data: SecretData, priority: string[], policy: string | undefined): string[] {
  const missing = priority.find((key) => !(key in data))
  if (missing !== undefined && policy !== 'IgnoreNotFound') {
    throw new Error(`merge failed: key "${missing}" not found in input map`)
  }
  const present = priority.filter((key) => key in data)
  const others = Object.keys(data).filter((key) => !priority.includes(key))
  return [...others.sort(), ...present]
}
