/** Which registries are mirrored, where nodes find the mirrors, and what stands behind each. */
import type { OperatorsLock } from '../../config/operators.ts'
import { ADDRESSES } from './subnet.ts'

const PORT = 5000

/** Registry host → last byte of its mirror's address and its variable, both as compose/compose.yaml has them. */
const MIRRORS: Record<keyof OperatorsLock['mirrors'], { address: number; variable: string }> = {
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

/** The upstreams as the compose file's variables. */
export function upstreamVariables(mirrors: OperatorsLock['mirrors']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MIRRORS).map(([host, { variable }]) => [variable, mirrors[host as keyof typeof mirrors]]),
  )
}
