/** The waits of the bring-up: each names the object, its last condition, and why its pods are not ready. */
import {
  failedTask,
  isApplied,
  missingApplication,
  missingSync,
  sourceError,
} from '../components/gitops/application.ts'
import {
  missingDeployment,
  missingMetrics,
  missingReady,
  missingRollout,
} from '../components/ready/conditions.ts'
import { jobFailure } from '../components/ready/hopeless.ts'
import { missingStatefulSet } from '../components/ready/workloads.ts'
import { DevenvError } from '../lib/errors.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'
import { type Waiting, waitFor } from '../lib/wait.ts'
import type { Running } from './context.ts'
import { podNamespaces, waitingAnywhere, waitingPods } from './stack-pods.ts'
import type { StepProgress } from './step.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
export const APPLICATIONS = 'argoproj.io/v1alpha1/applications'
const ROLLOUTS = 'argoproj.io/v1alpha1/rollouts'
const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'
const EXTERNAL_SECRETS = 'external-secrets.io/v1/externalsecrets'
const STATEFUL_SETS = 'apps/v1/statefulsets'
const AUTOSCALERS = 'autoscaling/v2/horizontalpodautoscalers'

/** Argo CD asks a source again after some seconds: one that refuses for so long means it. */
const SOURCE_PATIENCE_MS = 20_000

/** Groups whose kinds the stack uses: served means that their CRDs are established. */
const NEEDED_APIS = ['keda.sh/v1alpha1', 'external-secrets.io/v1', 'argoproj.io/v1alpha1']

export async function waitCrds({ kube }: Running, { waiting, signal }: StepProgress): Promise<void> {
  for (const api of NEEDED_APIS) {
    await waitFor(
      `the API ${api}`,
      async () =>
        JSON.parse(await kube.raw('GET', `/apis/${api}`)).resources.length > 0
          ? { done: true }
          : { waiting: 'no resources' },
      {
        intervalMs: 100,
        signal,
        onWaiting: ({ waiting: what }) => waiting(`${api}: ${what}`),
      },
    )
  }
}

/** Argo CD has applied the stack as it is in its source. */
export function waitSynced(context: Running, progress: StepProgress): Promise<void> {
  return untilApplication(context, progress, (app) => missingSync(app, context.revision))
}

/** Nothing differs from the source, and all of it is healthy, as Argo CD sees it. */
export function waitApplication(context: Running, progress: StepProgress): Promise<void> {
  const { namespace } = context.plan.environment
  return untilApplication(context, progress, (app) =>
    missingApplication(app, context.live.list(ROLLOUTS, namespace)),
  )
}

async function untilApplication(
  context: Running,
  { waiting, signal }: StepProgress,
  missing: (app: KubeObject | undefined) => string | undefined,
): Promise<void> {
  const { plan, live } = context
  const { release, namespace, prerequisites } = plan.environment
  let refusedSince: number | undefined
  await live.until(
    () => {
      const app = live.get(APPLICATIONS, prerequisites.appProject.namespace, release)
      const what = missing(app)
      if (!what) return { done: undefined }
      const refusal = sourceError(app)
      refusedSince = refusal === undefined ? undefined : (refusedSince ?? Date.now())
      if (refusedSince !== undefined && Date.now() - refusedSince > SOURCE_PATIENCE_MS)
        throw new DevenvError('STEP_FAILED', `Application ${release}: ComparisonError: ${refusal}`, {
          about: { kind: 'Application', namespace: app?.metadata.namespace ?? '', name: release },
          fix: 'Mend the chart or the repository, then npm run up again.',
        })
      const task = failedTask(app, context.revision)
      if (task)
        throw jobFailure(
          `Application ${release}: ${task.kind} ${task.name} failed ${task.attempts} times: ${task.message}`,
          task.name,
          live.list('v1/pods', namespace),
        )
      // A wave that waits for health waits for its pods.
      const why =
        waitingAnywhere(context, (maker) => isApplied(app, maker, context.revision)) ??
        withoutMetrics(live.list(AUTOSCALERS, namespace))
      return { ...why, waiting: `Application ${release}: ${what}${why ? `; ${why.waiting}` : ''}` }
    },
    { signal, onWaiting: (state) => waiting(state.waiting, state.about) },
  )
}

function withoutMetrics(autoscalers: KubeObject[]): Waiting | undefined {
  for (const one of autoscalers) {
    const why = missingMetrics(one)
    if (why) return { waiting: `HorizontalPodAutoscaler ${one.metadata.name}: ${why}` }
  }
  return undefined
}

/** Every ExternalSecret of the stack has made its Secret. */
export async function waitReady(context: Running, progress: StepProgress): Promise<void> {
  await untilAll(context, progress, EXTERNAL_SECRETS, 'ExternalSecret', missingReady)
}

/** Every ScaledObject is Ready: KEDA reads its queue. */
export async function waitScaling(context: Running, progress: StepProgress): Promise<void> {
  await untilAll(context, progress, SCALED_OBJECTS, 'ScaledObject', missingReady)
}

/** The management API answers on the broker's Service: the broker is up, whatever its pod says. */
export async function waitBroker(context: Running, { waiting, signal }: StepProgress): Promise<void> {
  const { plan, live } = context
  const { namespace, endpoints } = plan.environment
  const name = endpoints.rabbitmqManagement.service
  await live.until(
    () => {
      const deployment = live.get(DEPLOYMENTS, namespace, name)
      const missing = missingDeployment(deployment)
      const pods = deployment && missing ? waitingPods(context, deployment) : undefined
      return missing
        ? { ...pods, waiting: `Deployment ${name}: ${pods?.waiting ?? missing}` }
        : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting, state.about) },
  )
}

/** Deployments that nothing scales to zero, StatefulSets and the Rollouts are available, and stay so. */
export async function waitWorkloads(context: Running, progress: StepProgress): Promise<void> {
  const { live } = context
  await live.until(
    () => {
      for (const namespace of podNamespaces(context)) {
        const waiting = firstWorkload(context, namespace)
        if (waiting) return waiting
        if (live.list(DEPLOYMENTS, namespace).length === 0) return { waiting: `Deployments in ${namespace}` }
      }
      return { done: undefined }
    },
    { signal: progress.signal, onWaiting: (state) => progress.waiting(state.waiting, state.about) },
  )
}

function firstWorkload(context: Running, namespace: string): Waiting | undefined {
  const { live } = context
  const scaled = new Set(
    live.list(SCALED_OBJECTS, namespace).map((object) => object.spec?.scaleTargetRef?.name),
  )
  const kinds: [Resource, (object: KubeObject) => string | undefined][] = [
    [ROLLOUTS, missingRollout],
    [DEPLOYMENTS, missingDeployment],
    [STATEFUL_SETS, missingStatefulSet],
  ]
  for (const [resource, missing] of kinds)
    for (const object of live.list(resource, namespace)) {
      if (resource === DEPLOYMENTS && scaled.has(object.metadata.name)) continue
      const what = missing(object)
      const pods = waitingPods(context, object)
      // A canary that pauses, or was aborted, has pods of its own that may not be ready.
      if (what || (pods && object.kind !== 'Rollout'))
        return {
          ...pods,
          waiting: `${object.kind} ${object.metadata.name}: ${[what, pods?.waiting].filter(Boolean).join('; ')}`,
        }
    }
  return undefined
}

async function untilAll(
  { plan, live }: Running,
  { waiting, signal }: StepProgress,
  resource: Resource,
  kind: string,
  missing: (object: KubeObject) => string | undefined,
): Promise<void> {
  const { namespace } = plan.environment
  await live.until(
    () => {
      const objects = live.list(resource, namespace)
      if (objects.length === 0) return { waiting: `${kind}s in ${namespace}` }
      const first = firstMissing(objects, kind, missing)
      return first ? { waiting: first } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

function firstMissing(
  objects: KubeObject[],
  kind: string,
  missing: (object: KubeObject) => string | undefined,
): string | undefined {
  for (const object of objects) {
    const what = missing(object)
    if (what) return `${kind} ${object.metadata.name}: ${what}`
  }
  return undefined
}
