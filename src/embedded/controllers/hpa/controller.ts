/** The horizontal pod autoscaler: every HPA once a sync period. */
import { untilBeat } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Client, Scale } from '../../client.ts'
import { type KubeObject, keyOf, parseKey, type Resource } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { groupOf } from '../shared/owners.ts'
import { AUTOSCALERS } from '../shared/resources.ts'
import { emptyMemory, type Memory, withScaling } from './memory.ts'
import { COMPONENT } from './plan.ts'
import { type HpaResult, reconcileHpa, scaled, scaleFailed } from './reconcile.ts'
import { podsOfScale } from './selector.ts'
import type { MetricSources } from './sources.ts'

export interface HpaOptions {
  /** --horizontal-pod-autoscaler-sync-period, in ms. Real default 15 000. */
  syncPeriodMs: number
  sources: MetricSources
  /** --horizontal-pod-autoscaler-cpu-initialization-period, in ms. Default 300 000. */
  cpuInitializationMs?: number
  /** --horizontal-pod-autoscaler-initial-readiness-delay, in ms. Default 30 000. */
  initialReadinessMs?: number
}

/** autoscaling/v2 HPAs. A new one waits one period for its first sync, and edits do not shorten the wait. */
export function hpaController(options: HpaOptions): Controller {
  const { syncPeriodMs, cpuInitializationMs = 300_000, initialReadinessMs = 30_000 } = options
  const memories = new Map<string, Memory>()
  const selectors = new Map<string, string>()
  return {
    name: COMPONENT,
    watches: [],
    concurrency: 5,
    start({ client, signal }, enqueue) {
      const watch = client.watch(AUTOSCALERS, ({ type, object }) => {
        if (type !== 'DELETED') enqueue(keyOf(object), syncPeriodMs)
        else {
          memories.delete(keyOf(object))
          selectors.delete(keyOf(object))
        }
      })
      signal.addEventListener('abort', () => watch[Symbol.dispose](), { once: true })
    },
    async reconcile(key, context) {
      const { client, clock } = context
      const { namespace, name } = parseKey(key)
      const hpa = client.get(AUTOSCALERS, namespace, name)
      if (!hpa) return undefined
      const target = scaleOf(client, hpa)
      if ('selector' in target.scale) selectors.set(key, target.scale.selector)
      const result = await reconcileHpa({
        hpa,
        scale: target.scale,
        pods: 'error' in target.scale ? [] : podsOfScale(client, hpa, target.scale, selectors),
        memory: memories.get(key) ?? emptyMemory(),
        sources: options.sources,
        grouping: { cpuInitializationMs, initialReadinessMs },
        now: clock.now(),
      })
      memories.set(key, finish(result, hpa, target.resource, context))
      return { requeueAfterMs: untilBeat(clock.now(), syncPeriodMs) }
    },
  }
}

/** The kind is found by group alone: the version in scaleTargetRef is free. */
function scaleOf(client: Client, hpa: KubeObject): { scale: Scale | { error: string }; resource?: Resource } {
  const { apiVersion = 'v1', kind, name } = hpa.spec.scaleTargetRef
  const resource = client.resourceFor(apiVersion, kind)
  if (!resource)
    return { scale: { error: `no matches for kind "${kind}" in group "${groupOf(apiVersion)}"` } }
  try {
    return { scale: client.getScale(resource, hpa.metadata.namespace!, name), resource }
  } catch (thrown) {
    return { scale: { error: messageOf(thrown) }, resource }
  }
}

/** Scales where that was decided, writes what is to be written, and answers what to remember. */
function finish(
  result: HpaResult,
  hpa: KubeObject,
  resource: Resource | undefined,
  context: Context,
): Memory {
  const { rescale, plan } = result
  let { memory } = result
  if (rescale && resource) {
    const { namespace, name } = { namespace: hpa.metadata.namespace!, name: hpa.spec.scaleTargetRef.name }
    try {
      const change = { verb: 'scale' as const, resource, namespace, name, replicas: rescale.desired }
      applyChanges([change], context, COMPONENT)
      scaled(result)
      memory = withScaling(memory, rescale.current, rescale.desired, plan.now, hpa.spec.behavior)
    } catch (thrown) {
      scaleFailed(result, messageOf(thrown))
    }
  }
  // The HPA may have changed while metrics were awaited: its status is written onto what is there now.
  const { namespace, name, uid } = hpa.metadata
  const live = context.client.get(AUTOSCALERS, namespace, name)
  if (live?.metadata.uid !== uid) return memory
  const changes = plan.changes.map((change) =>
    change.verb === 'updateStatus'
      ? { ...change, object: { ...live, status: change.object.status } }
      : change,
  )
  applyChanges(changes, context, COMPONENT)
  return memory
}
