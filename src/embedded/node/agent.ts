/** What the API server asks of the kubelet: logs, exec, port-forward, usage. */
import type { Duplex, Readable, Writable } from 'node:stream'

export interface LogOptions {
  container?: string
  follow?: boolean
  previous?: boolean
  timestamps?: boolean
  tailLines?: number
  sinceSeconds?: number
  sinceTime?: string
  limitBytes?: number
}

export interface ExecStreams {
  stdin?: Readable
  stdout?: Writable
  stderr?: Writable
  tty?: boolean
}

interface ContainerUsage {
  name: string
  /** CPU rate over the window, in nanocores. */
  cpuNanocores: number
  /** Working set, in bytes. */
  memoryBytes: number
}

export interface PodUsage {
  namespace: string
  name: string
  timestampMs: number
  windowMs: number
  containers: ContainerUsage[]
}

/** The node's side of pods/log, pods/exec, pods/portforward and metrics.k8s.io. Failures throw ApiError. */
export interface NodeAgent {
  logs(namespace: string, pod: string, options: LogOptions, signal: AbortSignal): Promise<Readable>
  /** Resolves with the exit code when the command has ended. */
  exec(
    namespace: string,
    pod: string,
    container: string | undefined,
    command: string[],
    streams: ExecStreams,
    signal: AbortSignal,
  ): Promise<number>
  /** A connection to the port on the pod's own address. */
  connect(namespace: string, pod: string, port: number): Promise<Duplex>
  /** Latest samples, in metrics-server's sense: none for a pod's first seconds. */
  usage(): PodUsage[]
}
