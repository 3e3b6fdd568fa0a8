/** Which registries are mirrored, where nodes find the mirrors, and what stands behind each. */
import type { OperatorsLock } from '../../config/operators.ts'
import { ADDRESSES } from './subnet.ts'

const PORT = 5000

type Mirrored = keyof OperatorsLock['mirrors']

/** Registry host → last byte of its mirror's address and its variable, both as compose/compose.yaml has them. */
const MIRRORS: Record<Mirrored, { address: number; variable: string }> = {
  'docker.io': { address: 245, variable: 'UPSTREAM_DOCKER' },
  'ghcr.io': { address: 246, variable: 'UPSTREAM_GHCR' },
  'quay.io': { address: 247, variable: 'UPSTREAM_QUAY' },
  'public.ecr.aws': { address: 248, variable: 'UPSTREAM_ECR' },
}

/** For each registry: what this machine built first, then the mirror. */
export function mirrorsOf(base: string): Record<string, string[]> {
  const own = `http://${base}.${ADDRESSES.registry}:${PORT}`
  return Object.fromEntries(
    Object.entries(MIRRORS).map(([host, { address }]) => [host, [own, `http://${base}.${address}:${PORT}`]]),
  )
}

/** Whether images of this registry have a mirror, whose store keeps them. */
export function isMirrored(registry: string): registry is Mirrored {
  return Object.hasOwn(MIRRORS, registry)
}

/**
 * The upstreams as the compose file's variables. Offline they have none: a registry without an upstream serves what
 * its store has and says at once what it has not.
 */
export function upstreamVariables(
  mirrors: OperatorsLock['mirrors'],
  offline = false,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MIRRORS).map(([host, { variable }]) => [
      variable,
      offline ? '' : mirrors[host as Mirrored],
    ]),
  )
}
