/** A network of an environment's own: a /24 that nothing on the machine uses, with a fixed address per service. */
import { createHash } from 'node:crypto'
import { DevenvError } from '../../lib/errors.ts'

/** The last byte of the services' addresses, as compose/compose.yaml has them. Nodes get theirs from the lower half. */
export const ADDRESSES = {
  vault: 240,
  postgres: 241,
  registry: 242,
} as const

export interface Subnet {
  subnet: string
  /** Where the engine takes the addresses of nodes from. */
  range: string
  gateway: string
}

/** The parts of `10.A.B`. */
export function subnetOf(base: string): Subnet {
  return { subnet: `${base}.0/24`, range: `${base}.0/25`, gateway: `${base}.1` }
}

/**
 * The first free `10.A.B`, beginning at one that the name decides, so that an environment tends to get the same
 * again. `taken` are networks in CIDR form. Throws PREFLIGHT when a hundred are taken.
 */
export function pickSubnet(environment: string, taken: string[]): string {
  const digest = createHash('sha256').update(environment).digest()
  for (let attempt = 0; attempt < 100; attempt++) {
    const b = (digest[1]! + attempt) % 256
    // 10.200 to 10.239: company networks and k3s' own 10.42 and 10.43 are usually below.
    const base = `10.${200 + (digest[0]! % 40)}.${b}`
    if (!taken.some((network) => overlaps(network, `${base}.0/24`))) return base
  }
  throw new DevenvError('PREFLIGHT', 'every private network that the cluster could use is taken', {
    fix: 'docker network prune removes networks that nothing uses.',
  })
}

/** Whether two IPv4 networks share an address; false for what is none. */
export function overlaps(a: string, b: string): boolean {
  const [first, second] = [parse(a), parse(b)]
  if (!first || !second) return false
  const bits = Math.min(first.bits, second.bits)
  const mask = bits === 0 ? 0 : (~0 << (32 - bits)) >>> 0
  return (first.address & mask) >>> 0 === (second.address & mask) >>> 0
}

function parse(network: string): { address: number; bits: number } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(network)
  if (!match) return undefined
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number]
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, bits }
}
