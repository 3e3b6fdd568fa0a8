/** Which pods stand behind a Service, and on which of their ports. */
import type { KubeObject } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import { isFinished, isReady, isTerminating, type Pod } from '../shared/pods.ts'

export interface ResolvedPort {
  name: string
  port: number
  protocol: string
  appProtocol?: string
}

export interface Backend {
  pod: Pod
  ip: string
  ready: boolean
  serving: boolean
  terminating: boolean
  ports: ResolvedPort[]
}

/** Has a selector, and addresses of its own to give (an ExternalName is only an alias). */
export function isManaged(service: KubeObject): boolean {
  const { type, selector } = service.spec ?? {}
  return type !== 'ExternalName' && selector !== undefined && Object.keys(selector).length > 0
}

export function isHeadless(service: KubeObject): boolean {
  return service.spec?.clusterIP === 'None'
}

/** The pods of a Service that have an address and have not ended, by address. */
export function backends(service: KubeObject, pods: Pod[]): Backend[] {
  const publishNotReady = service.spec.publishNotReadyAddresses === true
  return pods
    .filter((pod) => matchesLabels({ matchLabels: service.spec.selector }, pod.metadata.labels))
    .filter((pod) => pod.status?.podIP && !isFinished(pod))
    .map((pod) => {
      const serving = isReady(pod)
      const terminating = isTerminating(pod)
      return {
        pod,
        ip: pod.status.podIP,
        serving,
        terminating,
        ready: publishNotReady || (serving && !terminating),
        ports: resolvePorts(service, pod),
      }
    })
    .sort((a, b) => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0))
}

/** Ports as this pod serves them; one that names a container port that the pod does not declare is left out. */
function resolvePorts(service: KubeObject, pod: Pod): ResolvedPort[] {
  return (service.spec.ports ?? []).flatMap((port: any) => {
    const protocol = port.protocol ?? 'TCP'
    const target = resolveTarget(port.targetPort ?? port.port, protocol, pod)
    if (target === undefined) return []
    const appProtocol = port.appProtocol ? { appProtocol: port.appProtocol } : {}
    return [{ name: port.name ?? '', port: target, protocol, ...appProtocol }]
  })
}

function resolveTarget(target: number | string, protocol: string, pod: Pod): number | undefined {
  if (typeof target === 'number') return target
  const containers = [...(pod.spec?.containers ?? []), ...sidecars(pod)]
  return containers
    .flatMap((container) => container.ports ?? [])
    .find((port: any) => port.name === target && (port.protocol ?? 'TCP') === protocol)?.containerPort
}

function sidecars(pod: Pod): any[] {
  return (pod.spec?.initContainers ?? []).filter((one: any) => one.restartPolicy === 'Always')
}
