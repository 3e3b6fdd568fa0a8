/** The names and labels of everything that an environment has in the engine. */
import { createHash } from 'node:crypto'
import { ownerLabels } from '../../lib/kube/owned.ts'

/** k3d takes 32 characters. */
const LONGEST_CLUSTER = 32

/** Containers, networks and volumes carry them, as the objects in the cluster do. */
export const engineLabels = ownerLabels

/** The cluster's name in k3d; a long one keeps its beginning and gets a digest. */
export function clusterName(environment: string): string {
  if (environment.length <= LONGEST_CLUSTER) return environment
  const digest = createHash('sha256').update(environment).digest('hex').slice(0, 6)
  return `${environment.slice(0, LONGEST_CLUSTER - digest.length - 1).replace(/-+$/, '')}-${digest}`
}

export function networkName(environment: string): string {
  return `devenv-${environment}`
}

export function containerName(environment: string, service: string): string {
  return `devenv-${environment}-${service}`
}

/** What a mirror has fetched serves every environment, and stays when one goes. */
export function mirrorVolume(registry: string): string {
  return `devenv-mirror-${registry.replaceAll(/[^a-z0-9]+/g, '-')}`
}

/** The server's container, by k3d's own rule. */
export function nodeName(environment: string): string {
  return `k3d-${clusterName(environment)}-server-0`
}
