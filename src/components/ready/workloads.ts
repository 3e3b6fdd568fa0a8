/** Waiting for workloads by name, with the reason why they are not there: pods, conditions, last event. */
import type { LiveObjects } from '../../lib/kube/live.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { type Missing, missingDeployment } from './conditions.ts'
import { crashing } from './crashing.ts'
import { lastEventOf } from './events.ts'
import { throwIfHopeless, timesOf } from './hopeless.ts'
import { podsOf, podsWaiting } from './pods.ts'

/** A workload to wait for. */
export interface Watched {
  kind: string
  namespace: string
  name: string
}

export interface Waits {
  signal: AbortSignal
  waiting: (what: string) => void
}

/**
 * Resolves when every workload is available; ends early when a pod of theirs never will be. Pods whose uids are in
 * `gone` do not count.
 */
export async function untilWorkloads(
  live: LiveObjects,
  workloads: Watched[],
  waits: Waits,
  gone: ReadonlySet<string> = new Set(),
): Promise<void> {
  await live.until(
    () => {
      for (const { kind, namespace, name } of workloads) {
        const resource = kind === 'StatefulSet' ? 'apps/v1/statefulsets' : 'apps/v1/deployments'
        const object = live.get(resource, namespace, name)
        const pods = podsOf(object, live.list('v1/pods', namespace)).filter(
          ({ metadata }) => !gone.has(metadata.uid ?? ''),
        )
        const unavailable = kind === 'StatefulSet' ? missingStatefulSet(object) : missingDeployment(object)
        const missing = unavailable ?? crashing(pods, live.serverClock.now())
        if (!missing) continue
        const events = live.list('v1/events', namespace)
        // An operator may make its own Secrets, which its pods wait for.
        throwIfHopeless(pods, { ...timesOf(live.serverClock), events, awaited: () => true })
        const event = lastEventOf([object, ...pods], events)
        const pod = podsWaiting(pods)
        return {
          waiting: `${kind} ${namespace}/${name}: ${missing}${pod ? `; ${pod}` : ''}${event ? `; last event ${event}` : ''}`,
        }
      }
      return { done: undefined }
    },
    { signal: waits.signal, onWaiting: (state) => waits.waiting(state.waiting) },
  )
}

/** As `kubectl rollout status` decides, but for partitions. */
export function missingStatefulSet(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const { spec, status = {}, metadata } = object
  const wanted = spec?.replicas ?? 1
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return 'its controller has not seen it yet'
  return (status.readyReplicas ?? 0) < wanted ? `${status.readyReplicas ?? 0}/${wanted} ready` : undefined
}
