/** A pod's phase from its containers' states (pkg/kubelet/kubelet_pods.go getPhase). */

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** What phase and conditions need to know of one container. */
export interface ContainerView {
  name: string
  state: 'waiting' | 'running' | 'terminated'
  exitCode?: number
  /** Has run before: it waits for a restart. */
  ranBefore: boolean
  ready: boolean
  started: boolean
}

export interface PodView {
  restartPolicy: 'Always' | 'OnFailure' | 'Never'
  init: (ContainerView & { sidecar: boolean })[]
  main: ContainerView[]
}

/** Sidecars hold back nothing but the containers after them. */
export function phaseOf(pod: PodView): Phase {
  for (const container of pod.init) {
    if (container.sidecar) {
      if (!container.started && !container.ranBefore && container.state !== 'terminated') return 'Pending'
      continue
    }
    if (container.state !== 'terminated') return 'Pending'
    if (container.exitCode !== 0) return pod.restartPolicy === 'Never' ? 'Failed' : 'Pending'
  }
  const restarts = (container: ContainerView) =>
    pod.restartPolicy === 'Always' || (pod.restartPolicy === 'OnFailure' && container.exitCode !== 0)
  if (pod.main.some((container) => container.state === 'waiting' && !container.ranBefore)) return 'Pending'
  const alive = pod.main.some((container) => container.state !== 'terminated' || restarts(container))
  if (alive) return 'Running'
  return pod.main.every((container) => container.exitCode === 0) ? 'Succeeded' : 'Failed'
}
