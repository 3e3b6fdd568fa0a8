/** The waits of the bring-up: each names the object, its last condition, and why its pods are not ready. */
import { missingApplication, missingSync, sourceError } from '../components/gitops/application.ts'
import {
  missingDeployment,
  missingMetrics,
  missingReady,
  missingRollout,
} from '../components/ready/conditions.ts'
import { podsOf, podsWaiting, throwIfHopeless } from '../components/ready/pods.ts'
import { DevenvError } from '../lib/errors.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'
import { waitFor } from '../lib/wait.ts'
import type { Running } from './context.ts'
import type { StepProgress } from './step.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
export const APPLICATIONS = 'argoproj.io/v1alpha1/applications'
const ROLLOUTS = 'argoproj.io/v1alpha1/rollouts'
const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'
const EXTERNAL_SECRETS = 'external-secrets.io/v1/externalsecrets'
const PODS = 'v1/pods'
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
  { plan, live }: Running,
  { waiting, signal }: StepProgress,
  missing: (app: KubeObject | undefined) => string | undefined,
): Promise<void> {
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
          fix: 'Mend the chart or the repository, then npm run up again.',
        })
      // A wave that waits for health waits for its pods.
      const pods = live.list(PODS, namespace)
      throwIfHopeless(pods)
      const why = podsWaiting(pods) ?? withoutMetrics(live.list(AUTOSCALERS, namespace))
      return { waiting: `Application ${release}: ${what}${why ? `; ${why}` : ''}` }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

function withoutMetrics(autoscalers: KubeObject[]): string | undefined {
  for (const one of autoscalers) {
    const why = missingMetrics(one)
    if (why) return `HorizontalPodAutoscaler ${one.metadata.name}: ${why}`
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
      const pods = podsOf(live.get(DEPLOYMENTS, namespace, name), live.list(PODS, namespace))
      throwIfHopeless(pods)
      const missing = missingDeployment(live.get(DEPLOYMENTS, namespace, name))
      return missing
        ? { waiting: `Deployment ${name}: ${podsWaiting(pods) ?? missing}` }
        : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

/** Deployments that nothing scales to zero, and the Rollouts, are available. */
export async function waitWorkloads(context: Running, progress: StepProgress): Promise<void> {
  const { plan, live } = context
  const namespaces = [plan.environment.namespace, ...plan.extras.map((extra) => extra.namespace)]
  await live.until(
    () => {
      for (const namespace of namespaces) {
        const scaled = new Set(
          live.list(SCALED_OBJECTS, namespace).map((object) => object.spec?.scaleTargetRef?.name),
        )
        const pods = live.list(PODS, namespace)
        const waiting =
          firstMissing(live.list(ROLLOUTS, namespace), 'Rollout', missingRollout, pods) ??
          firstMissing(
            live.list(DEPLOYMENTS, namespace).filter((object) => !scaled.has(object.metadata.name)),
            'Deployment',
            missingDeployment,
            pods,
          )
        if (waiting) return { waiting }
        if (live.list(DEPLOYMENTS, namespace).length === 0) return { waiting: `Deployments in ${namespace}` }
      }
      return { done: undefined }
    },
    { signal: progress.signal, onWaiting: (state) => progress.waiting(state.waiting) },
  )
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
      const first = firstMissing(objects, kind, missing, [])
      return first ? { waiting: first } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}

function firstMissing(
  objects: KubeObject[],
  kind: string,
  missing: (object: KubeObject) => string | undefined,
  pods: KubeObject[],
): string | undefined {
  for (const object of objects) {
    const what = missing(object)
    if (!what) continue
    const own = podsOf(object, pods)
    throwIfHopeless(own)
    const pod = podsWaiting(own)
    return `${kind} ${object.metadata.name}: ${what}${pod ? `; ${pod}` : ''}`
  }
  return undefined
}
