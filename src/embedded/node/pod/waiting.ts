/** A container that cannot run now: its waiting states and the events that go with them, in the kubelet's words. */
import { messageOf } from '../../../lib/errors.ts'
import type { KubeObject } from '../../objects.ts'
import { ConfigError } from '../env/environment.ts'
import { formatDelay } from './backoff.ts'
import type { ContainerState } from './state.ts'

interface WaitingEvent {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
}

export interface Waiting {
  state: ContainerState
  events: WaitingEvent[]
}

/** The container ended, and its next start is `leftMs` away. */
export function crashLoop(container: string, pod: KubeObject, leftMs: number): Waiting {
  const { name, namespace, uid } = pod.metadata
  const where = `${name}_${namespace}(${uid})`
  const message = `back-off ${formatDelay(leftMs)} restarting failed container=${container} pod=${where}`
  const told = `Back-off restarting failed container ${container} in pod ${where}`
  return waiting('CrashLoopBackOff', message, [{ type: 'Warning', reason: 'BackOff', message: told }])
}

/** The image cannot be had; shown for a moment, before {@link imagePullBackOff}. */
export function pullError(image: string, why: string): Waiting {
  return waiting('ErrImagePull', why, [
    { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` },
    { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${why}` },
    { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
  ])
}

/** The image cannot be had, and the next try is some time away. */
export function imagePullBackOff(image: string, why: string): Waiting {
  return waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${why}`, [
    { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` },
    { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  ])
}

/** What the container needs is not there, or it could not be made. */
export function createRefused(thrown: unknown): Waiting {
  const why = messageOf(thrown)
  const reason = thrown instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError'
  return waiting(reason, why, [{ type: 'Warning', reason: 'Failed', message: `Error: ${why}` }])
}

function waiting(reason: string, message: string, events: WaitingEvent[]): Waiting {
  return { state: { waiting: { reason, message } }, events }
}
