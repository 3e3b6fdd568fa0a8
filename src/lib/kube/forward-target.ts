/** From a name as people type it to what a port-forward goes to: a Service, or the pods of a workload. */
import { DevenvError } from '../errors.ts'
import type { KubeClient } from './client.ts'
import { type KubeObject, type Resource, selectorString } from './object.ts'
import { type Forward, type ForwardOptions, forwardService, portForward } from './portforward.ts'

interface Kind {
  /** As in `svc/NAME`. */
  prefixes: string[]
  kind: string
  resource: Resource
}

/** In the order in which a bare name is looked for. */
const KINDS: Kind[] = [
  { prefixes: ['svc', 'service', 'services'], kind: 'Service', resource: 'v1/services' },
  {
    prefixes: ['rollout', 'rollouts', 'ro'],
    kind: 'Rollout',
    resource: 'argoproj.io/v1alpha1/rollouts',
  },
  { prefixes: ['deploy', 'deployment', 'deployments'], kind: 'Deployment', resource: 'apps/v1/deployments' },
  {
    prefixes: ['sts', 'statefulset', 'statefulsets'],
    kind: 'StatefulSet',
    resource: 'apps/v1/statefulsets',
  },
  { prefixes: ['po', 'pod', 'pods'], kind: 'Pod', resource: 'v1/pods' },
]

export interface ForwardTarget {
  kind: string
  name: string
  /** Forwards to `port` of it; a Service's port is the Service's own. */
  forward(port: number | string, options: ForwardOptions): Promise<Forward>
}

/**
 * The object that `text` (`NAME`, with or without the release in front, or `svc/NAME`, `pod/NAME`…) names.
 * Throws USAGE with the Services that there are when nothing has that name.
 */
export async function forwardTarget(
  client: KubeClient,
  namespace: string,
  release: string,
  text: string,
): Promise<ForwardTarget> {
  const [prefix, rest] = text.includes('/') ? text.split('/', 2) : [undefined, text]
  const name = rest ?? ''
  const kinds = prefix === undefined ? KINDS : KINDS.filter((kind) => kind.prefixes.includes(prefix))
  if (kinds.length === 0)
    throw new DevenvError('USAGE', `${text}: there are svc/, rollout/, deploy/, sts/ and pod/`)
  for (const kind of kinds) {
    for (const candidate of [name, `${release}-${name}`]) {
      const object = await client.find(kind.resource, candidate, { namespace })
      if (object) return target(client, namespace, kind.kind, object)
    }
  }
  const services = await client.list('v1/services', { namespace })
  throw new DevenvError('USAGE', `there is no "${text}" in ${namespace}`, {
    fix: `There are the Services ${services.items.map(({ metadata }) => metadata.name).join(', ') || '(none)'}.`,
  })
}

/** A connection would be refused only when somebody uses it. */
function checkPort({ metadata, spec }: KubeObject, port: number | string): void {
  const ports = (spec.ports ?? []) as { name?: string; port: number }[]
  if (ports.some((one) => one.port === port || one.name === port)) return
  const there = ports.map((one) => `${one.port}${one.name ? ` (${one.name})` : ''}`)
  throw new DevenvError('USAGE', `Service ${metadata.name} has no port ${port}`, {
    fix: `It has ${there.join(', ') || 'none'}. A local port of your own goes in front: 9000:${ports[0]?.port ?? 'PORT'}.`,
  })
}

function target(client: KubeClient, namespace: string, kind: string, object: KubeObject): ForwardTarget {
  const { name } = object.metadata
  if (kind === 'Service')
    return {
      kind,
      name,
      forward: async (port, options) => {
        checkPort(object, port)
        return await forwardService(client, namespace, name, port, options)
      },
    }
  const labelSelector = kind === 'Pod' ? undefined : selectorString(object.spec.selector)
  const pod = async () => {
    if (labelSelector === undefined) return name
    const { items } = await client.list('v1/pods', { namespace, labelSelector })
    const running = items.find((one) => one.status?.phase === 'Running' && !one.metadata.deletionTimestamp)
    if (running) return running.metadata.name
    throw new DevenvError('STEP_FAILED', `${kind} ${name} has no running pod`, {
      fix: 'npm run status says why it has the replicas it has.',
    })
  }
  return {
    kind,
    name,
    forward: (port, options) => {
      if (typeof port === 'string') throw new DevenvError('USAGE', `${kind} ${name}: give the port's number`)
      return portForward(client, namespace, async () => ({ pod: await pod(), port }), options)
    },
  }
}
