/** `KEY=VALUE` arguments of `secret set`: values may come from a file or standard input, where nobody sees them. */
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { Values } from './vault-kv.ts'

export interface ValueSources {
  readFile(path: string): Promise<string>
  readStdin(): Promise<string>
}

/**
 * Keys with their values, in order. `KEY=-` reads standard input, `KEY=@file` a file; one newline at the end is
 * dropped, as editors and `echo` add it. Throws USAGE, and never repeats a value.
 */
export async function parseAssignments(args: string[], sources: ValueSources): Promise<Values> {
  const pairs = args.map(split)
  const repeated = pairs.find(({ key }, place) => pairs.findIndex((other) => other.key === key) !== place)
  if (repeated) throw usage(`${repeated.key} is given twice`)
  if (pairs.filter(({ value }) => value === '-').length > 1)
    throw usage('only one value can come from standard input')
  const values: Values = {}
  for (const { key, value } of pairs) values[key] = await resolve(key, value, sources)
  return values
}

function split(argument: string): { key: string; value: string } {
  const at = argument.indexOf('=')
  // The whole argument may be a secret that was meant to be a value: only what comes before "=" is repeated.
  if (at < 0) throw usage('an argument has no "="')
  const key = argument.slice(0, at)
  if (!/^[A-Za-z0-9._-]+$/.test(key)) throw usage('a key may have letters, digits, ".", "_" and "-"')
  return { key, value: argument.slice(at + 1) }
}

async function resolve(key: string, value: string, sources: ValueSources): Promise<string> {
  if (value === '-') return withoutLastNewline(await sources.readStdin())
  if (!value.startsWith('@')) return value
  try {
    return withoutLastNewline(await sources.readFile(value.slice(1)))
  } catch (thrown) {
    throw usage(`${key}: ${messageOf(thrown)}`)
  }
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function usage(message: string): DevenvError {
  return new DevenvError('USAGE', message, {
    fix: 'Write KEY=VALUE, KEY=@file or KEY=- (standard input); --help has examples.',
  })
}
