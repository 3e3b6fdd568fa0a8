/** Sprig's date functions, and time.Time as templates see it. */
import { durationText, parseDuration } from '../go/duration.ts'
import { civil, dayName, formatTime, type Instant, knownZone, monthName, parseTime } from '../go/time.ts'
import { Int, int, int64, Struct } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'

const SECOND = 1_000_000_000n
/** time.Time's zero value: the year 1. */
const ZERO: Instant = { nanoseconds: -62_135_596_800n * SECOND, zone: 'UTC' }

/** A time.Time. */
class Time extends Struct {
  readonly instant: Instant

  constructor(instant: Instant) {
    const at = () => civil(instant)
    const shift = (nanoseconds: bigint) =>
      new Time({ ...instant, nanoseconds: instant.nanoseconds + nanoseconds })
    super(
      'time.Time',
      [],
      {
        Format: func('string', (layout) => formatTime(instant, layout)),
        String: func('', () => timeText(instant)),
        Unix: func('', () => int64(seconds(instant))),
        UnixMilli: func('', () => int64(instant.nanoseconds / 1_000_000n)),
        UnixNano: func('', () => int64(instant.nanoseconds)),
        Year: func('', () => int(at().year)),
        Month: func('', () => enumeration('time.Month', monthName(at().month))),
        Day: func('', () => int(at().day)),
        Hour: func('', () => int(at().hour)),
        Minute: func('', () => int(at().minute)),
        Second: func('', () => int(at().second)),
        Nanosecond: func('', () => int(at().nanosecond)),
        Weekday: func('', () => enumeration('time.Weekday', dayName(at().weekday))),
        YearDay: func('', () => int(at().yearDay)),
        UTC: func('', () => new Time({ ...instant, zone: 'UTC' })),
        Local: func('', () => new Time({ ...instant, zone: 'Local' })),
        IsZero: func('', () => instant.nanoseconds === ZERO.nanoseconds),
        AddDate: func('int, int, int', (years: Int, months: Int, days: Int) =>
          addDate(instant, years, months, days),
        ),
        Add: func('int64', (duration: Int) => shift(duration.value)),
        Before: func('time', (other: Time) => instant.nanoseconds < other.instant.nanoseconds),
        After: func('time', (other: Time) => instant.nanoseconds > other.instant.nanoseconds),
        Equal: func('time', (other: Time) => instant.nanoseconds === other.instant.nanoseconds),
        Sub: func('time', (other: Time) => duration(instant.nanoseconds - other.instant.nanoseconds)),
      },
      () => timeText(instant),
    )
    this.instant = instant
  }
}

/** A Go value that prints as its name. */
function enumeration(type: string, name: string): Struct {
  return new Struct(type, [], { String: func('', () => name) }, () => name)
}

function duration(nanoseconds: bigint): Struct {
  const number = (scale: number) => func('', () => Number(nanoseconds) / scale)
  return new Struct(
    'time.Duration',
    [],
    {
      Hours: number(3.6e12),
      Minutes: number(6e10),
      Seconds: number(1e9),
      String: func('', () => durationText(nanoseconds)),
    },
    () => durationText(nanoseconds),
  )
}

function seconds({ nanoseconds }: Instant): bigint {
  return nanoseconds / SECOND - (nanoseconds % SECOND < 0n ? 1n : 0n)
}

function timeText(instant: Instant): string {
  return formatTime(instant, '2006-01-02 15:04:05.999999999 -0700 MST')
}

function addDate(instant: Instant, years: Int, months: Int, days: Int): Time {
  const at = civil(instant)
  const date = new Date(0)
  date.setUTCFullYear(
    at.year + Number(years.value),
    at.month - 1 + Number(months.value),
    at.day + Number(days.value),
  )
  date.setUTCHours(at.hour, at.minute, at.second)
  const nanoseconds = BigInt(date.getTime() / 1000 - at.offset) * SECOND + BigInt(at.nanosecond)
  return new Time({ ...instant, nanoseconds })
}

function now(): Instant {
  return { nanoseconds: BigInt(Date.now()) * 1_000_000n, zone: 'Local' }
}

/** A time, or Unix seconds as an integer; anything else is now. */
function instantOf(value: unknown): Instant {
  if (value instanceof Time) return value.instant
  if (value instanceof Int) return { nanoseconds: value.value * SECOND, zone: 'Local' }
  return now()
}

function dateIn(layout: string, value: unknown, zone: string): string {
  return formatTime({ ...instantOf(value), zone: knownZone(zone) ? zone : 'UTC' }, layout)
}

function ago(value: unknown): string {
  const elapsed = now().nanoseconds - instantOf(value).nanoseconds
  const half = elapsed < 0n ? -SECOND / 2n : SECOND / 2n
  return durationText(((elapsed + half) / SECOND) * SECOND)
}

/** Seconds as an int64 or as text; Sprig takes an int for 0. */
function durationOf(value: unknown): string {
  const whole = value instanceof Int && value.kind === 'int64'
  const count = whole
    ? value.value
    : typeof value === 'string' && /^[+-]?\d+$/.test(value)
      ? BigInt(value)
      : 0n
  return durationText(count * SECOND)
}

const ROUND_UNITS: [string, bigint][] = [
  ['y', 31_536_000n],
  ['mo', 2_592_000n],
  ['d', 86_400n],
  ['h', 3600n],
  ['m', 60n],
  ['s', 1n],
]

/** The duration in its largest unit only: 2h, 3mo. */
function durationRound(value: unknown): string {
  let nanoseconds = 0n
  if (typeof value === 'string') nanoseconds = parseDuration(value) ?? 0n
  else if (value instanceof Int && value.kind === 'int64') nanoseconds = value.value
  else if (value instanceof Time) nanoseconds = now().nanoseconds - value.instant.nanoseconds
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds
  for (const [unit, length] of ROUND_UNITS) {
    if (magnitude > length * SECOND) return `${magnitude / (length * SECOND)}${unit}`
  }
  return '0s'
}

function modify(text: string, time: Time, strict: boolean): Time {
  const shift = parseDuration(text)
  if (shift === undefined) {
    if (strict) throw new FuncError(`time: invalid duration ${JSON.stringify(text)}`)
    return time
  }
  return new Time({ ...time.instant, nanoseconds: time.instant.nanoseconds + shift })
}

function toDate(layout: string, text: string, strict: boolean): Time {
  const instant = parseTime(layout, text, 'Local')
  if (!instant && strict) {
    const quoted = JSON.stringify(text)
    throw new FuncError(`parsing time ${quoted} as ${JSON.stringify(layout)}: cannot parse ${quoted}`)
  }
  return new Time(instant ?? ZERO)
}

const HTML_DATE = '2006-01-02'
const dateInZone = func('string, any, string', dateIn)
const dateModify = func('string, time', (text, time) => modify(text, time, false))
const mustDateModify = func('string, time', (text, time) => modify(text, time, true))

export const dates: FuncTable = {
  now: func('', () => new Time(now())),
  date: func('string, any', (layout, value) => dateIn(layout, value, 'Local')),
  dateInZone,
  date_in_zone: dateInZone,
  htmlDate: func('any', (value) => dateIn(HTML_DATE, value, 'Local')),
  htmlDateInZone: func('any, string', (value, zone) => dateIn(HTML_DATE, value, zone)),
  dateModify,
  date_modify: dateModify,
  mustDateModify,
  must_date_modify: mustDateModify,
  toDate: func('string, string', (layout, text) => toDate(layout, text, false)),
  mustToDate: func('string, string', (layout, text) => toDate(layout, text, true)),
  unixEpoch: func('time', (time: Time) => seconds(time.instant).toString()),
  ago: func('any', ago),
  duration: func('any', durationOf),
  durationRound: func('any', durationRound),
}
