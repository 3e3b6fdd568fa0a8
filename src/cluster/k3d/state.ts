/** What an environment has settled on in the engine: kept, so that addresses stay over down-less restarts. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../../lib/free-ports.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import type { ServiceEndpoint } from '../provider.ts'
import type { Capacity } from './capacity.ts'

export interface EngineState {
  /** The engine's address: `down` must ask this one, whatever DOCKER_HOST says by then. */
  host: string
  /** First three bytes of the network. */
  base: string
  apiPort: number
  vaultPort: number
  postgresPort: number
  registryPort: number
  endpointPorts: Record<ServiceEndpoint, number>
  /** Where the node's ports 80 and 443 are published: traefik's, in a full cluster. */
  ingressPorts?: { http: number; https: number }
}

const ENDPOINTS: ServiceEndpoint[] = ['coreApi', 'frontend', 'rabbitmq', 'rabbitmqManagement', 'argocd']

/** Ports on the node that the endpoints' Services get, from the range that Kubernetes leaves to us. */
export const NODE_PORTS: Record<ServiceEndpoint, number> = {
  coreApi: 30080,
  frontend: 30085,
  rabbitmq: 30672,
  rabbitmqManagement: 31672,
  argocd: 30443,
}

/** Node port → port on 127.0.0.1, of everything that a cluster of this size publishes. */
export function publishedPorts(
  { endpointPorts, ingressPorts }: EngineState,
  size: Capacity['size'],
): Record<number, number> {
  const services = ENDPOINTS.map((name) => [NODE_PORTS[name], endpointPorts[name]])
  const ingress =
    size === 'full' && ingressPorts
      ? [
          [80, ingressPorts.http],
          [443, ingressPorts.https],
        ]
      : []
  return Object.fromEntries([...services, ...ingress])
}

/** Every port on 127.0.0.1 that an environment of this size has. */
export function portsOf(state: EngineState, size: Capacity['size']): number[] {
  const { apiPort, vaultPort, postgresPort, registryPort } = state
  return [apiPort, vaultPort, postgresPort, registryPort, ...Object.values(publishedPorts(state, size))]
}

export async function readState(stateDir: string): Promise<EngineState | undefined> {
  try {
    return JSON.parse(await readFile(path(stateDir), 'utf8')) as EngineState
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

/** New ports, all of them free at this moment. */
export async function newState(host: string, base: string): Promise<EngineState> {
  const [apiPort, vaultPort, postgresPort, registryPort, http, https, ...rest] = (await freePorts(
    6 + ENDPOINTS.length,
  )) as [number, number, number, number, number, number, ...number[]]
  const endpointPorts = Object.fromEntries(ENDPOINTS.map((name, index) => [name, rest[index]!])) as Record<
    ServiceEndpoint,
    number
  >
  const ingressPorts = { http, https }
  return { host, base, apiPort, vaultPort, postgresPort, registryPort, endpointPorts, ingressPorts }
}

/** The environment's variables with the engine that it was made in. */
export async function engineEnv(
  stateDir: string,
  env: Record<string, string | undefined>,
): Promise<Record<string, string | undefined>> {
  const state = await readState(stateDir)
  return state ? { ...env, DOCKER_HOST: state.host } : env
}

export async function writeState(stateDir: string, state: EngineState): Promise<void> {
  await writeFileAtomic(path(stateDir), JSON.stringify(state))
}

function path(stateDir: string): string {
  return join(stateDir, 'engine.json')
}
