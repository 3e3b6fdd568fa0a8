/** Load profiles: when each message of a queue is due. Pure. */
import { countOf, durationOf, endRate, highestRate, type Stage, scaled, timeOf } from './stage.ts'

export interface Profile {
  name: string
  /** Followed one after another; what is left after the last goes on at the last rate. */
  stages: readonly Stage[]
  /** What one task is to take, if the profile says so. */
  taskMs?: number
}

/** How many messages the profile's stages hold. */
export function messagesOf(profile: Profile): number {
  return Math.floor(profile.stages.reduce((sum, stage) => sum + countOf(stage), 0) + 1e-9)
}

/** The same shape with its highest rate at `rate`; a profile of bursts alone becomes an even rate. */
export function withRate(profile: Profile, rate: number): Profile {
  const highest = Math.max(...profile.stages.map(highestRate))
  if (highest === 0) {
    const durationMs = (1000 * messagesOf(profile)) / rate
    return { ...profile, stages: [{ durationMs, fromRate: rate, toRate: rate }] }
  }
  return { ...profile, stages: profile.stages.map((stage) => scaled(stage, rate / highest, false)) }
}

/** The same times with `factor` times as many messages. */
export function times(profile: Profile, factor: number): Profile {
  return { ...profile, stages: profile.stages.map((stage) => scaled(stage, factor, true)) }
}

/**
 * When the rates have summed up to `count` messages, in milliseconds from the start; a fraction counts too.
 * Open loop: due times follow the profile alone, however slow the answers are.
 */
export function dueMs(profile: Profile, count: number): number {
  let startMs = 0
  let before = 0
  for (const stage of profile.stages) {
    const held = countOf(stage)
    if (count < before + held) return startMs + timeOf(stage, count - before)
    before += held
    startMs += durationOf(stage)
  }
  const rate = lastRate(profile)
  return rate === 0 ? startMs : startMs + (1000 * (count - before)) / rate
}

/** 0 when the profile ends in a burst. */
function lastRate({ stages }: Profile): number {
  const last = stages.at(-1)
  return last ? endRate(last) : 0
}
