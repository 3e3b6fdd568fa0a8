/** When the messages of one queue are due: evenly along a profile, or at random as independent users would. Pure. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { dueMs, type Profile } from './profile.ts'

/** `even`: the n-th message when the rates have summed up to n. `poisson`: a Poisson process with these rates. */
export type Process = 'even' | 'poisson'

/** Milliseconds from the start, ascending, without end. */
export type Arrivals = Iterator<number>

export function arrivalsOf(profile: Profile, process: Process, random: () => number): Arrivals {
  return process === 'even' ? even(profile) : poisson(profile, random)
}

/** Uniform in [0, 1), the same for the same seed; each stream is independent of the others. */
export function randomStream(seed: number, stream: number): () => number {
  let generator = xoroshiro128plus(seed)
  for (let jumps = 0; jumps < stream; jumps++) {
    generator = generator.clone()
    generator.jump()
  }
  return () => uniformFloat64(generator)
}

function* even(profile: Profile): Generator<number> {
  for (let count = 0; ; count++) yield dueMs(profile, count)
}

/**
 * A Poisson process of rate 1 (exponential gaps of mean 1), stretched in time by the profile: where the rate is r,
 * gaps are exponential with mean 1/r, also while r changes.
 */
function* poisson(profile: Profile, random: () => number): Generator<number> {
  for (let count = 0; ; ) {
    count += -Math.log1p(-random())
    yield dueMs(profile, count)
  }
}
