/** What a plain scalar means: go-yaml v2's reading of YAML 1.1. */
import { parseFloat64, parseInt64, parseUint64 } from '../go/strconv.ts'
import { Int } from '../go/value.ts'
import { YamlError } from './errors.ts'

type Tag = 'str' | 'bool' | 'null' | 'float' | 'int' | 'timestamp' | 'binary'

export interface Resolved {
  tag: Tag
  /** Int for integers, number for floats. */
  value: unknown
}

const WORDS = new Map<string, Resolved>()
function words(tag: Tag, value: unknown, ...names: string[]): void {
  for (const name of names) WORDS.set(name, { tag, value })
}
words('bool', true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON')
words('bool', false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF')
words('null', null, '', '~', 'null', 'Null', 'NULL')
words('float', Number.NaN, '.nan', '.NaN', '.NAN')
words('float', Number.POSITIVE_INFINITY, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF')
words('float', Number.NEGATIVE_INFINITY, '-.inf', '-.Inf', '-.INF')

const FIRST = /^[0-9+\-.yYnNtTfFoO~]/
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/
const TIMESTAMP =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?)?$/

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text)
  if (!match) return false
  const [month = 0, day = 0] = [Number(match[1]), Number(match[2])]
  const daysIn = new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate()
  const hour = Number(match[3] ?? match[6] ?? 0)
  const minute = Number(match[4] ?? match[7] ?? 0)
  const second = Number(match[5] ?? match[8] ?? 0)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn && hour < 24 && minute < 60 && second < 60
}

/** The meaning of an untagged plain scalar. */
export function resolvePlain(text: string): Resolved {
  if (text === '' || FIRST.test(text)) {
    const word = WORDS.get(text)
    if (word) return word
    const first = text[0] ?? ''
    if (first === '.') {
      const float = parseFloat64(text)
      if (float !== undefined) return { tag: 'float', value: float }
    } else if (/[0-9+-]/.test(first)) {
      return resolveNumber(text)
    }
  }
  return { tag: 'str', value: text }
}

function resolveNumber(text: string): Resolved {
  if (isTimestamp(text)) return { tag: 'timestamp', value: text }
  const plain = text.replaceAll('_', '')
  const int = parseInt64(plain)
  if (int !== undefined) return { tag: 'int', value: new Int('int', int) }
  const uint = parseUint64(plain)
  if (uint !== undefined) return { tag: 'int', value: new Int('uint64', uint) }
  if (FLOAT.test(plain)) return { tag: 'float', value: Number(plain) }
  return { tag: 'str', value: text }
}

const TAG_PREFIX = 'tag:yaml.org,2002:'

/** The meaning of a scalar with an explicit tag, such as !!str. Unknown tags leave it a string. */
export function resolveTagged(tag: string, text: string, plain: boolean): Resolved {
  const short = tag.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : ''
  if (short === 'binary') return { tag: 'binary', value: text }
  if (!['str', 'bool', 'int', 'float', 'null', 'timestamp'].includes(short))
    return { tag: 'str', value: text }
  if (short === 'str') return { tag: 'str', value: text }
  const resolved = resolvePlain(text)
  if (resolved.tag === short) return resolved
  if (short === 'float' && resolved.value instanceof Int)
    return { tag: 'float', value: Number(resolved.value.value) }
  throw new YamlError(`cannot decode !!${plain ? resolved.tag : 'str'} \`${text}\` as a !!${short}`)
}
