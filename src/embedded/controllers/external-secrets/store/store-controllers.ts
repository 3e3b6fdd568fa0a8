/** SecretStore and ClusterSecretStore: validated at once, on every change and at intervals. */

import { messageOf } from '../../../../lib/errors.ts'
import type { Lookup } from '../../../../lib/http-client.ts'
import { parseKey, type Resource } from '../../../objects.ts'
import type { Context, Controller, Result } from '../../runtime/controller.ts'
import { recordEvent } from '../../runtime/events.ts'
import { BACKOFF, CLUSTER_SECRET_STORES, CONTROLLER_CLASS, SECRET_STORES } from '../resources.ts'
import { patchStatus, withReady } from '../status.ts'
import type { SecretStore } from '../types.ts'
import { connectStore, hasReferentAuth } from '../vault-provider/connect.ts'
import { storeRefreshMs } from './refresh-interval.ts'

export function storeControllers(lookup: Lookup): Controller[] {
  return [
    storeController('secret-store', SECRET_STORES, lookup),
    storeController('cluster-secret-store', CLUSTER_SECRET_STORES, lookup),
  ]
}

function storeController(name: string, resource: Resource, lookup: Lookup): Controller {
  return {
    name,
    backoff: BACKOFF,
    watches: [
      { resource, when: (object, previous) => object.metadata.generation !== previous?.metadata.generation },
    ],
    async reconcile(key, context) {
      const found = context.client.get(resource, parseKey(key).namespace, parseKey(key).name)
      if (!found || found.metadata.deletionTimestamp) return undefined
      const store = found as SecretStore
      if (!isOurs(store)) return undefined
      return await reconcileStore(store, { name, resource, lookup, context })
    },
  }
}

/** Stores of another controller class are passed over without a word. */
export function isOurs({ spec }: SecretStore): boolean {
  return !spec.controller || spec.controller === CONTROLLER_CLASS
}

interface Tools {
  name: string
  resource: Resource
  lookup: Lookup
  context: Context
}

async function reconcileStore(store: SecretStore, tools: Tools): Promise<Result> {
  const refreshMs = storeRefreshMs(store.spec.refreshInterval)
  const problem = await validateStore(store, tools)
  const ready = problem
    ? { status: 'False' as const, reason: 'InvalidProviderConfig', message: problem.condition }
    : { status: 'True' as const, reason: 'Valid', message: 'store validated' }
  const { client, clock } = tools.context
  recordEvent(client, clock.now(), {
    regarding: store,
    type: problem ? 'Warning' : 'Normal',
    reason: ready.reason,
    message: problem ? messageOf(problem.cause) : ready.message,
    component: tools.name,
  })
  patchStatus(client, tools.resource, store, {
    conditions: withReady(store.status?.conditions, ready, clock.now()),
    ...(problem ? {} : { capabilities: 'ReadWrite' }),
  })
  // The condition is generic; the cause goes with the event and into the backoff.
  if (problem) throw problem.cause
  return { requeueAfterMs: refreshMs }
}

/** What is wrong, with the condition's text; undefined when the store works. */
async function validateStore(
  store: SecretStore,
  { context, lookup }: Tools,
): Promise<{ condition: string; cause: unknown } | undefined> {
  // Credentials that lie with each ExternalSecret cannot be tried from here.
  if (hasReferentAuth(store)) return undefined
  let condition = 'unable to create client'
  try {
    const client = await connectStore(context.client, store, store.metadata.namespace ?? '', lookup)
    condition = 'unable to validate store'
    try {
      await client.validate()
    } finally {
      await client.close()
    }
    return undefined
  } catch (cause) {
    return { condition, cause }
  }
}
