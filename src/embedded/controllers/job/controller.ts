/** The Job controller. */
import { parseKey } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { claim } from '../shared/claim.ts'
import { controllerKeys } from '../shared/owners.ts'
import { JOBS, PODS } from '../shared/resources.ts'
import { COMPONENT } from './plan.ts'
import { reconcileJob } from './reconcile.ts'

/** batch/v1 Jobs. */
export function jobController(): Controller {
  return {
    name: COMPONENT,
    watches: [{ resource: JOBS }, { resource: PODS, keys: (pod) => controllerKeys(pod, 'batch', 'Job') }],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const job = client.get(JOBS, namespace, name)
      if (!job) return undefined
      const { owned, changes } = claim(job, job.spec.selector, PODS, client.list(PODS, { namespace }))
      applyChanges(changes, context, COMPONENT)
      const result = reconcileJob({ job, pods: owned, now: clock.now() })
      for (const change of result.changes) {
        const [pod] = applyChanges([change], context, COMPONENT)
        if (change.verb !== 'create' || !pod) continue
        const message = `Created pod: ${pod.metadata.name}`
        const event = { type: 'Normal' as const, reason: 'SuccessfulCreate', message, component: COMPONENT }
        applyChanges([{ verb: 'event', regarding: job, ...event }], context, COMPONENT)
      }
      return result
    },
  }
}
