/** A pod's whole status, from its containers. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Container } from '../pod/container.ts'
import { podConditions } from './conditions.ts'
import { type Phase, type PodView, phaseOf } from './phase.ts'
import { qosClass } from './qos.ts'

export interface StatusInput {
  pod: KubeObject
  containers: Container[]
  /** The pod's address once it has one. */
  ip: string | undefined
  hostIp: string
  startedMs: number
  nowMs: number
  /** Set when the pod was ended for a reason of its own (DeadlineExceeded). */
  verdict?: { reason: string; message: string } | undefined
}

export function podView(pod: KubeObject, containers: Container[]): PodView {
  return {
    restartPolicy: pod.spec.restartPolicy ?? 'Always',
    init: containers
      .filter((container) => container.role !== 'main')
      .map((container) => ({ ...container.view(), sidecar: container.role === 'sidecar' })),
    main: containers.filter((container) => container.role === 'main').map((container) => container.view()),
  }
}

export function podStatus(input: StatusInput): Record<string, unknown> & { phase: Phase } {
  const { pod, containers, ip, hostIp, startedMs, nowMs, verdict } = input
  const view = podView(pod, containers)
  const phase = verdict ? 'Failed' : phaseOf(view)
  const alive = containers.some((container) => container.alive)
  const sandboxReady = ip !== undefined && (alive || (phase !== 'Succeeded' && phase !== 'Failed'))
  const init = containers.filter((container) => container.role !== 'main')
  const main = containers.filter((container) => container.role === 'main')
  return {
    ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
    phase,
    ...(verdict ?? {}),
    conditions: podConditions(pod, view, phase, sandboxReady, nowMs),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(ip ? { podIP: ip, podIPs: [{ ip }] } : {}),
    startTime: pod.status?.startTime ?? rfc3339(startedMs),
    ...(init.length
      ? { initContainerStatuses: init.map((container) => containerStatus(pod, container)) }
      : {}),
    containerStatuses: main.map((container) => containerStatus(pod, container)),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  }
}

function containerStatus(pod: KubeObject, container: Container): Record<string, unknown> {
  const { spec } = container
  const ready = container.role === 'init' ? container.state.terminated?.exitCode === 0 : container.ready
  return {
    name: container.name,
    state: container.state,
    lastState: container.lastState,
    ready,
    restartCount: container.restartCount,
    image: spec.image,
    imageID: container.id ? spec.image : '',
    ...(container.id ? { containerID: container.id } : {}),
    started: container.started,
    ...(spec.resources?.requests ? { allocatedResources: spec.resources.requests } : {}),
    resources: spec.resources ?? {},
    ...(spec.volumeMounts?.length
      ? { volumeMounts: spec.volumeMounts.map((mount: any) => mountStatus(mount)) }
      : {}),
    user: { linux: { uid: 0, gid: pod.spec.securityContext?.fsGroup ?? 0, supplementalGroups: [0] } },
  }
}

function mountStatus(mount: any): Record<string, unknown> {
  return {
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }
}
