/** Which containers of a pod are to be started now: pure, from the spec and the containers' states. */
import type { ContainerView, PodView } from '../status/phase.ts'

/**
 * Names to start, in order. Init containers run one by one, a sidecar lets the next one go once it has
 * started; the main containers follow together. What ended is restarted as its policy says.
 */
export function containersToStart(pod: PodView): string[] {
  const start: string[] = []
  for (const container of pod.init) {
    if (container.sidecar) {
      if (container.state !== 'running') start.push(container.name)
      if (!container.started) return start
    } else if (container.state !== 'terminated' || container.exitCode !== 0) {
      if (mayStart(container, pod.restartPolicy)) start.push(container.name)
      return start
    }
  }
  for (const container of pod.main) if (mayStart(container, pod.restartPolicy)) start.push(container.name)
  return start
}

/** An init container or a main container that is not running and has not ended for good. */
function mayStart(container: ContainerView, policy: PodView['restartPolicy']): boolean {
  if (container.state === 'running') return false
  if (container.state === 'waiting') return true
  return policy === 'Always' || (policy === 'OnFailure' && container.exitCode !== 0)
}
