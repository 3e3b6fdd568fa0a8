/** The ports that a set of manifests listens on, on addresses of pods and Services. */
import type { Manifest } from './apply.ts'

export interface UsedPort {
  port: number
  /** `Service team1-project-core-api`. */
  owner: string
}

/** Every TCP port of every Service and container, each once, ascending. */
export function portsOf(manifests: Manifest[]): UsedPort[] {
  const found = new Map<number, string>()
  for (const { object } of manifests) {
    const owner = `${object.kind} ${object.metadata.name}`
    for (const port of [...servicePorts(object), ...containerPorts(object)])
      if (!found.has(port)) found.set(port, owner)
  }
  return [...found].map(([port, owner]) => ({ port, owner })).sort((a, b) => a.port - b.port)
}

type Declared = { port?: unknown; containerPort?: unknown; protocol?: string }

function servicePorts({ kind, spec }: Manifest['object']): number[] {
  return kind === 'Service' && spec?.type !== 'ExternalName' ? tcp(spec?.ports ?? [], 'port') : []
}

function containerPorts({ kind, spec }: Manifest['object']): number[] {
  const pod = kind === 'Pod' ? spec : spec?.template?.spec
  const containers: { ports?: Declared[] }[] = pod?.containers ?? []
  return containers.flatMap(({ ports }) => tcp(ports ?? [], 'containerPort'))
}

function tcp(declared: Declared[], field: 'port' | 'containerPort'): number[] {
  return declared
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .map((entry) => Number(entry[field]))
    .filter((port) => Number.isInteger(port) && port > 0)
}
