/** `devenv port-forward`: a Service's or pod's port on this machine's loopback, until Ctrl-C. */
import { once } from 'node:events'
import { type Command, InvalidArgumentError } from 'commander'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
NAME is a Service, Rollout, Deployment or pod, with or without the release in front; svc/NAME, deploy/NAME,
rollout/NAME and pod/NAME say which. Without LOCAL the local port is the same; ":8000" lets the system choose.
Only 127.0.0.1 listens. Pods that are replaced are found again.

Examples:
  npm run port-forward -- core-api 8000
  npm run port-forward -- rabbitmq 15673:management
  npm run port-forward -- deploy/frontend :8501`

interface Ports {
  local: number
  remote: number | string
}

export function register(program: Command, io: Io): void {
  program
    .command('port-forward')
    .description('forward a local port to a Service or pod, until Ctrl-C')
    .argument('<name>', 'what to forward to')
    .argument('<[local:]port>', 'the port there, by number or (of a Service) by name', parsePorts)
    .addHelpText('after', EXAMPLES)
    .action((name: string, ports: Ports) => forward(io, name, ports))
}

/** `8000`, `9000:8000`, `:8000`, `9000:http`. */
export function parsePorts(text: string): Ports {
  const match = /^(?:(\d*):)?([a-z0-9]([-a-z0-9]*[a-z0-9])?)$/.exec(text)
  const remote = /^\d+$/.test(match?.[2] ?? '') ? Number(match?.[2]) : match?.[2]
  const local = match?.[1] === undefined && typeof remote === 'number' ? remote : Number(match?.[1] ?? 0)
  const isPort = (port: number) => port <= 65_535
  if (
    remote === undefined ||
    remote === 0 ||
    !isPort(local) ||
    (typeof remote === 'number' && !isPort(remote))
  )
    throw new InvalidArgumentError('Write 8000, 9000:8000 or :8000.')
  return { local, remote }
}

async function forward(io: Io, name: string, { local, remote }: Ports): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const { KubeClient } = await import('../lib/kube/client.ts')
  const { forwardTarget } = await import('../lib/kube/forward-target.ts')
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  try {
    const target = await forwardTarget(client, record.namespace, record.release, name)
    await using forwarded = await target
      .forward(remote, {
        localPort: local,
        onError: (thrown) => progress(io, `a connection was refused: ${messageOf(thrown)}`),
      })
      .catch((thrown) => {
        throw portTaken(thrown, local)
      })
    const { host, port } = forwarded
    const address = `${host}:${port}`
    const { namespace } = record
    printResult(
      io,
      {
        apiVersion: 'devenv/v1',
        kind: 'PortForward',
        address,
        host,
        port,
        target: { namespace, kind: target.kind, name: target.name, port: remote },
      },
      () => `Forwarding from ${address} to ${target.kind} ${target.name}, port ${remote}; Ctrl-C ends it`,
    )
    if (!io.signal.aborted) await once(io.signal, 'abort')
  } finally {
    client.close()
  }
}

function portTaken(thrown: unknown, port: number): unknown {
  if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') return thrown
  return new DevenvError('PORT_BUSY', `127.0.0.1:${port} is in use`, {
    cause: thrown,
    fix: 'Choose another port: npm run port-forward -- NAME LOCAL:PORT, or :PORT for a free one.',
  })
}
