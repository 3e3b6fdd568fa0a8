/** A pod in the tree: its state in kubectl's words, ready containers and restarts. */
import type { KubeObject } from '../lib/kube/object.ts'

export interface PodView {
  name: string
  /** `Running`, `Pending`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`. */
  state: string
  /** `1/1`. */
  ready: string
  restarts: number
  createdAt: string
}

interface ContainerStatus {
  name: string
  ready?: boolean
  started?: boolean
  restartCount?: number
  state?: {
    running?: unknown
    waiting?: { reason?: string }
    terminated?: { reason?: string; exitCode: number; signal?: number }
  }
}

export function podView(pod: KubeObject): PodView {
  const { metadata, spec, status = {} } = pod
  const containers: ContainerStatus[] = status.containerStatuses ?? []
  const init = initState(pod)
  const initContainers: ContainerStatus[] = status.initContainerStatuses ?? []
  const counted = init === undefined ? containers : initContainers
  const ready = init === undefined ? containers.filter((one) => one.ready && one.state?.running).length : 0
  return {
    name: metadata.name,
    state: metadata.deletionTimestamp
      ? 'Terminating'
      : (init ?? mainState(containers) ?? status.reason ?? status.phase ?? 'Pending'),
    ready: `${ready}/${spec?.containers?.length ?? 0}`,
    restarts: counted.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    createdAt: metadata.creationTimestamp ?? '',
  }
}

/** What the first init container that is not through is doing; undefined when all are, or there are none. */
function initState({ spec, status = {} }: KubeObject): string | undefined {
  const containers: any[] = spec?.initContainers ?? []
  const statuses: ContainerStatus[] = status.initContainerStatuses ?? []
  for (const [index, { name, started, state }] of statuses.entries()) {
    const sidecar = containers.find((one) => one.name === name)?.restartPolicy === 'Always'
    if (state?.terminated?.exitCode === 0 || (sidecar && started)) continue
    if (state?.terminated) return `Init:${endOf(state.terminated)}`
    const reason = state?.waiting?.reason
    if (reason && reason !== 'PodInitializing') return `Init:${reason}`
    return `Init:${index}/${containers.length}`
  }
  return undefined
}

/** The first trouble among the containers; undefined when they simply run, or have not begun. */
function mainState(containers: ContainerStatus[]): string | undefined {
  const running = containers.some(({ ready, state }) => ready && state?.running)
  for (const { state } of containers) {
    if (state?.waiting?.reason) return state.waiting.reason
    if (!state?.terminated) continue
    const end = endOf(state.terminated)
    return end === 'Completed' && running ? 'Running' : end
  }
  return undefined
}

function endOf({ reason, exitCode, signal }: { reason?: string; exitCode: number; signal?: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}
