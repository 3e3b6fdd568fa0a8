/** One stretch of a load profile: how many messages it holds, and when its n-th is due. Pure. */

/** Messages per second throughout. */
export type Stage = Burst | Linear | Sine

/** So many messages at once. */
interface Burst {
  burst: number
}

/** The rate runs in a straight line; steady when both ends are the same. */
interface Linear {
  durationMs: number
  fromRate: number
  toRate: number
}

/** The rate swings around `mean` by up to `amplitude`, at its mean and rising at the start. */
interface Sine {
  durationMs: number
  mean: number
  /** At most `mean`: a rate cannot be negative. */
  amplitude: number
  periodMs: number
}

/** Milliseconds; a burst takes none. */
export function durationOf(stage: Stage): number {
  return 'burst' in stage ? 0 : stage.durationMs
}

/** The area under the rate. */
export function countOf(stage: Stage): number {
  if ('burst' in stage) return stage.burst
  const seconds = stage.durationMs / 1000
  return 'mean' in stage ? sineCount(stage, seconds) : (seconds * (stage.fromRate + stage.toRate)) / 2
}

export function highestRate(stage: Stage): number {
  if ('burst' in stage) return 0
  return 'mean' in stage ? stage.mean + stage.amplitude : Math.max(stage.fromRate, stage.toRate)
}

/** The rate at which it ends; 0 for a burst. */
export function endRate(stage: Stage): number {
  if ('burst' in stage) return 0
  return 'mean' in stage ? stage.mean : stage.toRate || stage.fromRate
}

/** The same shape with all rates (and with `bursts` also the bursts) times `factor`. */
export function scaled(stage: Stage, factor: number, bursts: boolean): Stage {
  if ('burst' in stage) return bursts ? { burst: stage.burst * factor } : stage
  return 'mean' in stage
    ? { ...stage, mean: stage.mean * factor, amplitude: stage.amplitude * factor }
    : { ...stage, fromRate: stage.fromRate * factor, toRate: stage.toRate * factor }
}

/** Milliseconds from the stage's start until `count` messages (a fraction too) have become due. */
export function timeOf(stage: Stage, count: number): number {
  if ('burst' in stage) return 0
  return 1000 * ('mean' in stage ? sineSeconds(stage, count) : linearSeconds(stage, count))
}

/** Solves count = from·t + slope·t²/2 for t. */
function linearSeconds({ durationMs, fromRate, toRate }: Linear, count: number): number {
  const slope = (toRate - fromRate) / (durationMs / 1000)
  if (Math.abs(slope) < 1e-9) return count / fromRate
  return (-fromRate + Math.sqrt(Math.max(0, fromRate * fromRate + 2 * slope * count))) / slope
}

/** The integral of mean + amplitude·sin(2πt/period) from 0 to `seconds`. */
function sineCount({ mean, amplitude, periodMs }: Sine, seconds: number): number {
  const angular = (2 * Math.PI * 1000) / periodMs
  return mean * seconds + (amplitude / angular) * (1 - Math.cos(angular * seconds))
}

/** Inverts `sineCount`, which rises throughout, by halving an interval that is narrow from the start. */
function sineSeconds(stage: Sine, count: number): number {
  const swing = (stage.amplitude * stage.periodMs) / 1000 / Math.PI
  let low = Math.max(0, (count - swing) / stage.mean)
  let high = count / stage.mean
  // To a microsecond.
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (sineCount(stage, middle) < count) low = middle
    else high = middle
  }
  return high
}
