/** A kubelet for tests: pods become Running and Ready by the clock, and go when they are told to. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Controller } from '../runtime/controller.ts'
import { podStatus } from './builders.ts'

export interface KubeletOptions {
  /** From binding to Ready, in ms; undefined: this pod never becomes ready. */
  readyAfterMs?: (pod: KubeObject) => number | undefined
  /** From deletion to gone, in ms. */
  stopAfterMs?: number
  /** False where a scheduler binds the pods. Default true. */
  bind?: boolean
}

/** Binds every pod to `node-1` (unless told not to), reports it Ready after its time, and ends it after its grace. */
export function testKubelet(options: KubeletOptions = {}): Controller {
  const { readyAfterMs = () => 1000, stopAfterMs = 500, bind = true } = options
  const stopping = new Map<string, number>()
  let address = 0
  return {
    name: 'test-kubelet',
    watches: [{ resource: 'v1/pods' }],
    reconcile(key, { client, clock }) {
      const [namespace, name] = key.split('/') as [string, string]
      const pod = client.get('v1/pods', namespace, name)
      if (!pod) return undefined
      const now = clock.now()
      if (pod.metadata.deletionTimestamp) {
        const since = stopping.get(pod.metadata.uid) ?? now
        stopping.set(pod.metadata.uid, since)
        const left = since + stopAfterMs - now
        if (left > 0) return { requeueAfterMs: left }
        client.delete('v1/pods', namespace, name, { gracePeriodSeconds: 0 })
        return undefined
      }
      if (!pod.spec.nodeName) {
        if (bind)
          client.patch('v1/pods', namespace, name, { spec: { nodeName: 'node-1' } }, { type: 'merge' })
        return undefined
      }
      const started = pod.status?.startTime ? Date.parse(pod.status.startTime) : undefined
      if (started === undefined) {
        const ip = `10.0.0.${++address}`
        const status = podStatus({ ready: false, ip, startTime: rfc3339(now), since: rfc3339(now) })
        client.patch('v1/pods', namespace, name, { status }, { type: 'merge', subresource: 'status' })
        const wait = readyAfterMs(pod)
        return wait === undefined ? undefined : { requeueAfterMs: wait }
      }
      const wait = readyAfterMs(pod)
      if (wait === undefined || pod.status.conditions[0].status === 'True') return undefined
      if (now < started + wait) return { requeueAfterMs: started + wait - now }
      const status = podStatus({
        ready: true,
        ip: pod.status.podIP,
        startTime: pod.status.startTime,
        since: rfc3339(now),
      })
      client.patch('v1/pods', namespace, name, { status }, { type: 'merge', subresource: 'status' })
      return undefined
    },
  }
}
