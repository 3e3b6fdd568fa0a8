/** Go's time.Time: instants in a zone, written and read by reference layouts such as 2006-01-02. */

/** An instant in nanoseconds since 1970, and the zone in which it is shown. */
export interface Instant {
  nanoseconds: bigint
  /** An IANA name, `UTC`, `Local`, or a fixed offset in seconds. */
  zone: string | number
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const NANOS = 1_000_000_000n
const LAYOUT =
  /January|Jan|Monday|Mon|MST|2006|_2006|__2|_2|002|01|02|03|04|05|06|15|PM|pm|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g

/** The instant's wall clock in its zone. */
export interface Civil {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  nanosecond: number
  weekday: number
  yearDay: number
  /** Seconds east of UTC. */
  offset: number
  abbreviation: string
}

/** The zone's name if it exists. */
export function knownZone(name: string): boolean {
  if (name === 'Local' || name === 'UTC' || name === '') return true
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a / b - (a % b !== 0n && a < 0n ? 1n : 0n)
}

function zoneOf(seconds: number, zone: string | number): { offset: number; abbreviation: string } {
  if (typeof zone === 'number')
    return { offset: zone, abbreviation: zone === 0 ? 'UTC' : offsetText(zone, '') }
  if (zone === 'UTC' || zone === '') return { offset: 0, abbreviation: 'UTC' }
  const timeZone = zone === 'Local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
  const date = new Date(seconds * 1000)
  const parts = (style: 'longOffset' | 'short') =>
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: style })
      .formatToParts(date)
      .find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(parts('longOffset'))
  const offset = match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60) : 0
  const short = parts('short')
  return {
    offset,
    abbreviation: /^[A-Z]{3,5}$/.test(short) ? short : offset === 0 ? 'UTC' : offsetText(offset, ''),
  }
}

export function civil({ nanoseconds, zone }: Instant): Civil {
  const seconds = Number(floorDiv(nanoseconds, NANOS))
  const { offset, abbreviation } = zoneOf(seconds, zone)
  const date = new Date((seconds + offset) * 1000)
  const year = date.getUTCFullYear()
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: Number(nanoseconds - BigInt(seconds) * NANOS),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    offset,
    abbreviation,
  }
}

export const monthName = (month: number): string => MONTHS[month - 1] ?? ''
export const dayName = (weekday: number): string => DAYS[weekday] ?? ''

function offsetText(offset: number, separator: string, seconds = false, minutes = true): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const magnitude = Math.abs(offset)
  let text = (offset < 0 ? '-' : '+') + two(magnitude / 3600)
  if (minutes) text += separator + two((magnitude % 3600) / 60)
  if (seconds) text += separator + two(magnitude % 60)
  return text
}

/** Time.Format. */
export function formatTime(instant: Instant, layout: string): string {
  const at = civil(instant)
  return layout.replace(LAYOUT, (token) => formatToken(at, token))
}

function formatToken(at: Civil, token: string): string {
  const pad = (n: number, width = 2, fill = '0') => String(n).padStart(width, fill)
  const hour12 = at.hour % 12 || 12
  switch (token) {
    case 'January':
      return monthName(at.month)
    case 'Jan':
      return monthName(at.month).slice(0, 3)
    case 'Monday':
      return dayName(at.weekday)
    case 'Mon':
      return dayName(at.weekday).slice(0, 3)
    case 'MST':
      return at.abbreviation
    case '2006':
      return pad(at.year, 4)
    case '_2006':
      return `_${pad(at.year, 4)}`
    case '06':
      return pad(at.year % 100)
    case '01':
      return pad(at.month)
    case '1':
      return String(at.month)
    case '02':
      return pad(at.day)
    case '_2':
      return pad(at.day, 2, ' ')
    case '2':
      return String(at.day)
    case '002':
      return pad(at.yearDay, 3)
    case '__2':
      return pad(at.yearDay, 3, ' ')
    case '15':
      return pad(at.hour)
    case '03':
      return pad(hour12)
    case '3':
      return String(hour12)
    case '04':
      return pad(at.minute)
    case '4':
      return String(at.minute)
    case '05':
      return pad(at.second)
    case '5':
      return String(at.second)
    case 'PM':
      return at.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return at.hour >= 12 ? 'pm' : 'am'
  }
  if (token.startsWith('.') || token.startsWith(',')) return fraction(at.nanosecond, token)
  if (token.startsWith('Z') && at.offset === 0) return 'Z'
  const digits = token.slice(1)
  const separator = digits.includes(':') ? ':' : ''
  return offsetText(at.offset, separator, digits.replaceAll(':', '').length === 6, digits.length > 2)
}

function fraction(nanosecond: number, token: string): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, token.length - 1)
  if (token[1] === '0') return token[0] + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed ? token[0] + trimmed : ''
}

const PATTERNS: Record<string, string> = {
  January: `(${MONTHS.join('|')})`,
  Jan: `(${MONTHS.map((m) => m.slice(0, 3)).join('|')})`,
  Monday: `(${DAYS.join('|')})`,
  Mon: `(${DAYS.map((d) => d.slice(0, 3)).join('|')})`,
  MST: '([A-Z]{3,5}|[+-]\\d{2,4})',
  '2006': '(\\d{4})',
  '06': '(\\d{2})',
  '01': '(\\d{2})',
  '02': '(\\d{2})',
  '03': '(\\d{2})',
  '04': '(\\d{2})',
  '05': '(\\d{2}(?:[.,]\\d+)?)',
  '15': '(\\d{2})',
  '002': '(\\d{3})',
  _2: '( ?\\d{1,2})',
  '1': '(\\d{1,2})',
  '2': '(\\d{1,2})',
  '3': '(\\d{1,2})',
  '4': '(\\d{1,2})',
  '5': '(\\d{1,2}(?:[.,]\\d+)?)',
  PM: '(AM|PM)',
  pm: '(am|pm)',
}

/** time.ParseInLocation; undefined on an error. A layout's fraction is optional, as the seconds take any. */
export function parseTime(layout: string, text: string, zone: string): Instant | undefined {
  const tokens: string[] = []
  let pattern = ''
  let end = 0
  for (const match of layout.matchAll(LAYOUT)) {
    pattern += layout.slice(end, match.index).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
    end = match.index + match[0].length
    const token = match[0]
    if (/^[.,]/.test(token)) continue
    tokens.push(token)
    pattern +=
      PATTERNS[token] ?? (token.startsWith('Z') ? '(Z|[+-]\\d{2}:?(?:\\d{2})?)' : '([+-]\\d{2}:?(?:\\d{2})?)')
  }
  pattern += layout.slice(end).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
  const found = new RegExp(`^${pattern}$`).exec(text)
  return found ? assemble(tokens, found.slice(1), zone) : undefined
}

function assemble(tokens: string[], parts: string[], zone: string): Instant | undefined {
  let [year, month, day, hour, minute, afternoon] = [0, 1, 1, 0, 0, undefined as boolean | undefined]
  let seconds = '0'
  let shown = zone as string | number
  tokens.forEach((token, i) => {
    const part = (parts[i] ?? '').trim()
    const n = Number(part)
    if (token === '2006') year = n
    else if (token === '06') year = n >= 69 ? 1900 + n : 2000 + n
    else if (token === 'January' || token === 'Jan') month = MONTHS.findIndex((m) => m.startsWith(part)) + 1
    else if (token === '01' || token === '1') month = n
    else if (token === '02' || token === '2' || token === '_2') day = n
    else if (token === '15' || token === '03' || token === '3') hour = n
    else if (token === '04' || token === '4') minute = n
    else if (token === '05' || token === '5') seconds = part.replace(',', '.')
    else if (token === 'PM' || token === 'pm') afternoon = part.toUpperCase() === 'PM'
    else if (token.startsWith('Z') || token.startsWith('-')) shown = offsetOf(part)
  })
  if (afternoon !== undefined) hour = (hour % 12) + (afternoon ? 12 : 0)
  const whole = Math.trunc(Number(seconds))
  const daysIn = new Date(Date.UTC(year || 2000, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > daysIn || hour > 23 || minute > 59 || whole > 59)
    return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, whole)
  const local = date.getTime() / 1000
  const offset = typeof shown === 'number' ? shown : zoneOf(local, shown).offset
  const decimals = (seconds.split('.')[1] ?? '').padEnd(9, '0').slice(0, 9)
  return { nanoseconds: BigInt(local - offset) * NANOS + BigInt(decimals), zone: shown === 0 ? 'UTC' : shown }
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 3600 + Number(minutes) * 60)
}
