/** The kubelet's answers to the API server: logs, exec, port-forward, usage. */
import { connect } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { ApiError, badRequest, notFound } from '../errors.ts'
import type { ExecStreams, LogOptions, NodeAgent, PodUsage } from './agent.ts'
import { readLog } from './logs/read-log.ts'
import type { Container } from './pod/container.ts'
import { attachCommand } from './pod/exec.ts'
import type { PodWorker } from './pod/pod-worker.ts'
import type { Tier } from './process/tier.ts'

export interface AgentOptions {
  worker: (namespace: string, pod: string) => PodWorker | undefined
  usage: () => PodUsage[]
  tier: Tier
  clock: Clock
}

export class Agent implements NodeAgent {
  readonly #options: AgentOptions

  constructor(options: AgentOptions) {
    this.#options = options
  }

  async logs(namespace: string, pod: string, options: LogOptions, signal: AbortSignal): Promise<Readable> {
    const container = this.#container(namespace, pod, options.container)
    const run = options.previous ? container.restartCount - 1 : container.restartCount
    if (options.previous && run < 0)
      throw badRequest(`previous terminated container "${container.name}" in pod "${pod}" not found`)
    if (!container.ran) throw notStarted(container, pod)
    const live = options.previous ? undefined : container.log
    return readLog(container.logPath(run), live, options, this.#options.clock.now(), signal)
  }

  async exec(
    namespace: string,
    pod: string,
    name: string | undefined,
    command: string[],
    streams: ExecStreams,
    signal: AbortSignal,
  ): Promise<number> {
    const container = this.#container(namespace, pod, name)
    if (!container.alive)
      throw new ApiError(500, 'InternalError', `container not found ("${container.name}")`)
    try {
      return await attachCommand(this.#options.tier, container, command, streams, signal)
    } catch (thrown) {
      throw new ApiError(500, 'InternalError', messageOf(thrown))
    }
  }

  connect(namespace: string, pod: string, port: number): Promise<Duplex> {
    const worker = this.#worker(namespace, pod)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: worker.sandbox.ip, port, allowHalfOpen: true })
      const failed = (error: Error) =>
        reject(
          new ApiError(500, 'InternalError', `error forwarding port ${port} to pod ${pod}: ${error.message}`),
        )
      socket.once('error', failed)
      socket.once('connect', () => {
        socket.off('error', failed)
        resolve(socket)
      })
    })
  }

  usage(): PodUsage[] {
    return this.#options.usage()
  }

  #worker(namespace: string, pod: string): PodWorker {
    const worker = this.#options.worker(namespace, pod)
    if (!worker) throw notFound('', 'pods', pod)
    return worker
  }

  /** The container of that name; of several, unnamed is an error. */
  #container(namespace: string, pod: string, name: string | undefined): Container {
    const { containers } = this.#worker(namespace, pod)
    const main = containers.filter((container) => container.role === 'main')
    if (name === undefined && main.length > 1) {
      const names = main.map((container) => container.name).join(' ')
      throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${names}]`)
    }
    const found = name === undefined ? main[0] : containers.find((container) => container.name === name)
    if (!found) throw badRequest(`container ${name} is not valid for pod ${pod}`)
    return found
  }
}

function notStarted(container: Container, pod: string): ApiError {
  const { reason } = container.state.waiting ?? {}
  const why =
    reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason
  return badRequest(`container "${container.name}" in pod "${pod}" is waiting to start: ${why}`)
}
