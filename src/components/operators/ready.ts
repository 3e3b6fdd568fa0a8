/** What makes an operator truly ready, beside its workloads: the API server reaches what it serves. */
import type { Operator } from '../../config/operators.ts'
import type { KubeClient } from '../../lib/kube/client.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { waitFor } from '../../lib/wait.ts'
import type { Missing } from '../ready/conditions.ts'
import type { Waits } from '../ready/workloads.ts'

const API_SERVICES = 'apiregistration.k8s.io/v1/apiservices'
const WEBHOOKS = 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
const LOOK_MS = 200

/** Resolves when the API server reaches the operator's metrics API and knows its webhooks' certificates. */
export async function untilReachable(kube: KubeClient, operator: Operator, waits: Waits): Promise<void> {
  const { apiServices, webhooks } = operator.ready
  const checks = [
    ...apiServices.map((name) => ({
      what: `APIService ${name}`,
      resource: API_SERVICES,
      name,
      missing: unavailable,
    })),
    ...webhooks.map((name) => ({
      what: `ValidatingWebhookConfiguration ${name}`,
      resource: WEBHOOKS,
      name,
      missing: uncertified,
    })),
  ]
  await Promise.all(
    checks.map(({ what, resource, name, missing }) =>
      waitFor(
        what,
        async () => {
          const why = missing(await kube.find(resource, name))
          return why ? { waiting: why } : { done: true }
        },
        {
          intervalMs: LOOK_MS,
          signal: waits.signal,
          onWaiting: (state) => waits.waiting(`${what}: ${state.waiting}`),
        },
      ),
    ),
  )
}

function unavailable(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const conditions = (object.status?.conditions ?? []) as Record<string, string>[]
  const available = conditions.find(({ type }) => type === 'Available')
  if (available?.status === 'True') return undefined
  return available ? `${available.reason}: ${available.message}` : 'no Available condition yet'
}

/** The operator makes its own certificate and writes it there: without it the API server calls in vain. */
function uncertified(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const webhooks = (object.webhooks ?? []) as { name: string; clientConfig?: { caBundle?: string } }[]
  const without = webhooks.find(({ clientConfig }) => !clientConfig?.caBundle)
  return without ? `${without.name} has no certificate yet` : undefined
}
