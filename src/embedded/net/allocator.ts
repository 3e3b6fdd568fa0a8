/** Addresses out of one range: handed out in order, given back, kept over restarts. */
import { ApiError } from '../errors.ts'

export interface AddressAllocator {
  /** A free address. Throws ApiError 500 when the range is full. */
  allocate(): string
  /** Marks an address as taken; outside the range or taken already it stays as it is. */
  reserve(ip: string): void
  release(ip: string): void
  /** The wanted address if it is free and in range, any free one otherwise. */
  take(wanted: string | undefined): string
}

/**
 * Addresses `<prefix>.<third>.<fourth>` with the third octet from `firstThird` to `lastThird`, fourth 1 to 254.
 * Freed addresses are reused last, so that an old connection does not meet a new owner.
 */
export function rangeAllocator(prefix: string, firstThird: number, lastThird: number): AddressAllocator {
  const taken = new Set<string>()
  const size = (lastThird - firstThird + 1) * 254
  let next = 0
  const address = (index: number) => `${prefix}.${firstThird + Math.floor(index / 254)}.${(index % 254) + 1}`
  const inRange = (ip: string) => {
    const match = /^(\d+\.\d+)\.(\d+)\.(\d+)$/.exec(ip)
    if (!match || match[1] !== prefix) return false
    const [third, fourth] = [Number(match[2]), Number(match[3])]
    return third >= firstThird && third <= lastThird && fourth >= 1 && fourth <= 254
  }
  const allocate = (): string => {
    for (let tries = 0; tries < size; tries++) {
      const ip = address(next)
      next = (next + 1) % size
      if (taken.has(ip)) continue
      taken.add(ip)
      return ip
    }
    throw new ApiError(
      500,
      'InternalError',
      `no free address in ${prefix}.${firstThird}.0-${prefix}.${lastThird}.255`,
    )
  }
  return {
    allocate,
    reserve: (ip) => void (inRange(ip) && taken.add(ip)),
    release: (ip) => void taken.delete(ip),
    take(wanted) {
      if (wanted === undefined || !inRange(wanted) || taken.has(wanted)) return allocate()
      taken.add(wanted)
      return wanted
    },
  }
}
