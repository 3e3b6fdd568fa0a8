/** KEDA as the embedded cluster runs it: its controllers and its external metrics API. */

import { isDeepStrictEqual } from 'node:util'
import type { Lookup } from '../../../lib/http-client.ts'
import type { ExternalMetrics } from '../../metrics.ts'
import { controllerOf, type KubeObject, parseKey } from '../../objects.ts'
import type { Controller, Watch } from '../runtime/controller.ts'
import { pausingChanged } from './annotations.ts'
import { authenticationControllers } from './auth/authentication-controllers.ts'
import { condition } from './conditions.ts'
import { KedaExternalMetrics } from './external-metrics.ts'
import { reconcileScaledObject } from './reconcile/reconcile.ts'
import { HPAS, SCALED_OBJECTS } from './resources.ts'
import type { CheckTools } from './scale-loop/check.ts'
import { MetricRecords } from './scale-loop/metric-records.ts'
import { ScaleLoops } from './scale-loop/scale-loops.ts'
import { ScalersCache } from './scalers-cache.ts'
import type { ScaledObject } from './types.ts'

export interface KedaOptions {
  /** Cluster DNS, for the hosts of triggers. */
  lookup: Lookup
}

export interface Keda {
  controllers: Controller[]
  externalMetrics: ExternalMetrics
}

/** One KEDA operator. Its external metrics answer once the controllers have been started. */
export function kedaControllers({ lookup }: KedaOptions): Keda {
  let tools: CheckTools | undefined
  let loops: ScaleLoops | undefined
  const scaledObjects: Controller = {
    name: 'scaledobject',
    concurrency: 5,
    watches: [SCALED_OBJECT_WATCH, HPA_WATCH],
    start(context) {
      tools = { context, cache: new ScalersCache(context, lookup), records: new MetricRecords() }
      loops = new ScaleLoops(tools)
    },
    async reconcile(key, { client }) {
      const { namespace, name } = parseKey(key)
      const found = client.get(SCALED_OBJECTS, namespace, name) as ScaledObject | undefined
      if (found) await reconcileScaledObject(found, loops!, tools!)
      else await loops!.stop(key)
      return undefined
    },
  }
  return {
    controllers: [scaledObjects, ...authenticationControllers()],
    externalMetrics: new KedaExternalMetrics(() => tools),
  }
}

/** Spec, pause annotations, deletion, and Ready coming back; other labels and annotations do not matter. */
const SCALED_OBJECT_WATCH: Watch = {
  resource: SCALED_OBJECTS,
  when: (object, previous) =>
    !previous ||
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    pausingChanged(object, previous) ||
    cameReady(object, previous),
}

function cameReady(object: KubeObject, previous: KubeObject): boolean {
  const ready = ({ status }: KubeObject) => condition(status?.conditions, 'Ready')?.status
  return ready(object) === 'True' && ['False', 'Unknown'].includes(ready(previous) ?? '')
}

/** An HPA of ours that came, went or was edited. Its status, which the HPA controller writes, does not matter. */
const HPA_WATCH: Watch = {
  resource: HPAS,
  keys: (hpa) => {
    const owner = controllerOf(hpa)
    return owner?.kind === 'ScaledObject' ? [`${hpa.metadata.namespace}/${owner.name}`] : []
  },
  when: (object, previous) => !previous || isDeepStrictEqual(object.status, previous.status),
}
