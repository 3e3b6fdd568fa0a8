/** Go's time.Duration: 1h30m0s. */

const SECOND = 1_000_000_000n
const UNITS: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
}

/** Nanoseconds; undefined where ParseDuration reports an error. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text)
  if (!match) return undefined
  let total = 0n
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = UNITS[unit] ?? 0n
    total += BigInt(whole || '0') * scale
    if (fraction) total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  }
  return match[1] === '-' ? -total : total
}

/** Duration.String. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const n = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (n < SECOND) {
    const [unit, scale] = n < 1000n ? ['ns', 1n] : n < 1_000_000n ? ['µs', 1000n] : ['ms', 1_000_000n]
    return `${sign}${withFraction(n, scale as bigint)}${unit}`
  }
  const hours = n / UNITS.h!
  const minutes = (n / UNITS.m!) % 60n
  const seconds = withFraction(n % UNITS.m!, SECOND)
  const head = hours > 0n ? `${hours}h${minutes}m` : minutes > 0n ? `${minutes}m` : ''
  return `${sign}${head}${seconds}s`
}

function withFraction(n: bigint, scale: bigint): string {
  const rest = n % scale
  if (rest === 0n) return String(n / scale)
  const digits = rest
    .toString()
    .padStart(scale.toString().length - 1, '0')
    .replace(/0+$/, '')
  return `${n / scale}.${digits}`
}
