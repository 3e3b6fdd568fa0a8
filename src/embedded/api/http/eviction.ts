/** pods/eviction: a deletion that PodDisruptionBudgets may refuse. */
import { ApiError, badRequest, notFound } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import { isRecord } from '../../store/json.ts'
import { deleteObject } from '../registry/delete.ts'
import { updateObject } from '../registry/update.ts'
import { labelPredicate } from '../selectors/labels.ts'
import { readObject } from './body.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { deleteOptions } from './options.ts'
import { sendObject } from './respond.ts'

const RETRY_SECONDS = 10

export async function handleEviction(exchange: ResourceExchange): Promise<void> {
  const { context, info, path, query } = exchange
  const { value } = await readObject(exchange.request)
  if (!isRecord(value)) throw badRequest('the request body is empty or not an object')
  const name = nameOf(exchange)
  const pod = context.store.get('pods', path.namespace, name)
  if (!pod) throw notFound('', 'pods', name)
  const options = deleteOptions(query, value.deleteOptions)
  const counts = pod.status?.phase === 'Running' && !pod.metadata.deletionTimestamp
  if (counts && !options.dryRun) spendBudget(exchange, pod)
  deleteObject(context, info, path.namespace, name, options)
  sendObject(exchange, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

/** Takes one disruption from the pod's budget; 429 when there is none left, 500 for two budgets. */
function spendBudget({ context }: ResourceExchange, pod: KubeObject): void {
  const { namespace, name } = pod.metadata
  const budgets = context.store
    .list('poddisruptionbudgets.policy', namespace)
    .filter(({ spec }) => spec?.selector && (labelPredicate(spec.selector)?.(pod.metadata.labels) ?? true))
  const [budget, ...others] = budgets
  if (!budget) return
  if (others.length > 0) {
    throw new ApiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  }
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {}
  const observed = (budget.status?.observedGeneration ?? 0) >= (budget.metadata.generation ?? 0)
  if (!isReady(pod) && observed && unhealthyMayGo(budget, currentHealthy, desiredHealthy)) return
  if (!observed || disruptionsAllowed <= 0) {
    throw refused(
      observed
        ? `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
        : `The disruption budget ${budget.metadata.name} is still being processed by the server.`,
    )
  }
  const info = context.catalog.find('policy', 'v1', 'poddisruptionbudgets')!
  const disruptedPods = {
    ...budget.status.disruptedPods,
    [name]: new Date(context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  }
  const status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods }
  const next = { ...budget, status }
  updateObject(context, info, next, { subresource: 'status', fieldManager: 'kube-apiserver' })
}

/** A pod that is not ready takes nothing from the budget. */
function unhealthyMayGo(budget: KubeObject, currentHealthy: number, desiredHealthy: number): boolean {
  if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

function isReady(pod: KubeObject): boolean {
  const conditions: { type: string; status: string }[] = pod.status?.conditions ?? []
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

function refused(why: string): ApiError {
  return new ApiError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: 'DisruptionBudget', message: why }], retryAfterSeconds: RETRY_SECONDS },
  )
}
