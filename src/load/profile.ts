/** Load profiles: when each message of a queue is due. Pure. */

/** A stretch of time in which the rate (messages per second) runs in a straight line, or a number of messages at once. */
export type Stage = { burst: number } | { durationMs: number; fromRate: number; toRate: number }

export interface Profile {
  name: string
  /** Followed one after another; what is left after the last goes on at its end rate. */
  stages: readonly Stage[]
  /** What one task is to take, if the profile says so. */
  taskMs?: number
}

/** How many messages the profile's stages hold. */
export function messagesOf(profile: Profile): number {
  return Math.floor(profile.stages.reduce((sum, stage) => sum + countOf(stage), 0))
}

/** The same shape with its highest rate at `rate`; a profile of bursts alone becomes an even rate. */
export function withRate(profile: Profile, rate: number): Profile {
  const highest = Math.max(
    ...profile.stages.map((stage) => ('burst' in stage ? 0 : Math.max(stage.fromRate, stage.toRate))),
  )
  if (highest === 0) {
    const durationMs = (1000 * messagesOf(profile)) / rate
    return { ...profile, stages: [{ durationMs, fromRate: rate, toRate: rate }] }
  }
  const factor = rate / highest
  const stages = profile.stages.map((stage) =>
    'burst' in stage ? stage : { ...stage, fromRate: stage.fromRate * factor, toRate: stage.toRate * factor },
  )
  return { ...profile, stages }
}

/**
 * When message number `index` (from 0) is due, in milliseconds from the start.
 * Open loop: due times follow the profile alone, however slow the answers are.
 */
export function dueMs(profile: Profile, index: number): number {
  let startMs = 0
  let before = 0
  for (const stage of profile.stages) {
    const count = countOf(stage)
    if (index < before + count) {
      if ('burst' in stage) return startMs
      const slope = (stage.toRate - stage.fromRate) / (stage.durationMs / 1000)
      return startMs + 1000 * secondsUntil(index - before, stage.fromRate, slope)
    }
    before += count
    if (!('burst' in stage)) startMs += stage.durationMs
  }
  const rate = endRate(profile)
  return rate === 0 ? startMs : startMs + (1000 * (index - before)) / rate
}

/** The last rate above zero; 0 when the profile ends in a burst or has no rate. */
function endRate({ stages }: Profile): number {
  const last = stages.at(-1)
  if (!last || 'burst' in last) return 0
  return last.toRate || last.fromRate
}

function countOf(stage: Stage): number {
  if ('burst' in stage) return stage.burst
  return (stage.durationMs / 1000) * ((stage.fromRate + stage.toRate) / 2)
}

/** Solves count = rate·t + slope·t²/2 for t. */
function secondsUntil(count: number, rate: number, slope: number): number {
  if (Math.abs(slope) < 1e-9) return count / rate
  return (-rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * count))) / slope
}
