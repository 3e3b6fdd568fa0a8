/** What the Rollout cases share: manifests, the verbs as the kubectl plugin writes them, and waiting. */
import { CustomObjectsApi, setHeaderOptions } from '@kubernetes/client-node'
import type { KubeObject, Resource } from '../../src/lib/kube/object.ts'
import { waitFor } from '../../src/lib/wait.ts'
import { type ContractContext, PATIENCE_MS } from './case.ts'

export const ROLLOUTS: Resource = 'argoproj.io/v1alpha1/rollouts'
export const NAME = 'web'
/** The label that tells a version's pods. */
export const HASH = 'rollouts-pod-template-hash'

const API = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' }
const MERGE = setHeaderOptions('Content-Type', 'application/merge-patch+json')
/**
 * A person presses a button when things have come to rest. The real controller may still work on the state before
 * the pause that we see, and then writes the pause again over a promotion that comes within milliseconds.
 */
const REST_MS = process.env.DEVENV_CONTRACT_KUBECONFIG ? 2_000 : 0

/** Another environment variable makes another template. */
export function podTemplate(
  { webImage }: ContractContext,
  version: string,
  extra: Record<string, unknown> = {},
) {
  return {
    metadata: { labels: { app: NAME } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'web',
          image: webImage,
          ports: [{ containerPort: 8080 }],
          env: [{ name: 'VERSION', value: version }],
          readinessProbe: { httpGet: { path: '/health', port: 8080 }, periodSeconds: 1 },
          ...extra,
        },
      ],
    },
  }
}

/** A Rollout in the cluster, driven through the official client. */
export class TestRollout {
  readonly #context: ContractContext
  readonly #api: CustomObjectsApi

  constructor(context: ContractContext) {
    this.#context = context
    this.#api = context.official.makeApiClient(CustomObjectsApi)
  }

  /** Creates it with one version of the web image; resolves when it is Healthy. */
  async deploy(strategy: object, spec: Record<string, unknown> = {}): Promise<KubeObject> {
    await this.create(strategy, spec)
    return this.healthy()
  }

  async create(strategy: object, spec: Record<string, unknown> = {}): Promise<void> {
    const { namespace } = this.#context
    const template = podTemplate(this.#context, '1')
    const selector = { matchLabels: { app: NAME } }
    const body = {
      apiVersion: `${API.group}/${API.version}`,
      kind: 'Rollout',
      metadata: { name: NAME, namespace },
      spec: { replicas: 1, selector, template, strategy, ...spec },
    }
    await this.#api.createNamespacedCustomObject({ ...API, namespace, body })
  }

  /** A Deployment with the same pods, for `workloadRef`. */
  deployment(version: string, replicas: number): KubeObject {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: this.#context.namespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: NAME } },
        template: podTemplate(this.#context, version),
      },
    }
  }

  async get(): Promise<KubeObject> {
    const { namespace } = this.#context
    return (await this.#api.getNamespacedCustomObject({ ...API, namespace, name: NAME })) as KubeObject
  }

  async spec(spec: unknown): Promise<void> {
    const { namespace } = this.#context
    await this.#api.patchNamespacedCustomObject({ ...API, namespace, name: NAME, body: { spec } }, MERGE)
  }

  async status(status: unknown): Promise<void> {
    const { namespace } = this.#context
    await this.#atRest()
    await this.#api.patchNamespacedCustomObjectStatus(
      { ...API, namespace, name: NAME, body: { status } },
      MERGE,
    )
  }

  /** Resolves when nobody has written for a while. */
  async #atRest(): Promise<void> {
    let version = (await this.get()).metadata.resourceVersion
    let since = Date.now()
    await waitFor<void>(
      `Rollout ${NAME} to come to rest`,
      async () => {
        const { resourceVersion } = (await this.get()).metadata
        if (resourceVersion !== version) since = Date.now()
        version = resourceVersion
        return Date.now() - since >= REST_MS ? { done: undefined } : { waiting: `at ${version}` }
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 50 },
    )
  }

  update(version: string, extra: Record<string, unknown> = {}): Promise<void> {
    return this.spec({ template: podTemplate(this.#context, version, extra) })
  }

  /** Past a pause, as `promote` writes it. */
  promote(): Promise<void> {
    return this.status({ pauseConditions: null })
  }

  /** The Rollout, once the check holds for one whose last change was seen. */
  until(what: string, holds: (rollout: KubeObject) => boolean): Promise<KubeObject> {
    return waitFor<KubeObject>(
      `Rollout ${NAME} to be ${what}`,
      async () => {
        const rollout = await this.get()
        const { phase, message, observedGeneration, currentStepIndex } = rollout.status ?? {}
        const seen = Number(observedGeneration ?? 0) >= (rollout.metadata.generation ?? 0)
        if (seen && holds(rollout)) return { done: rollout }
        return { waiting: `${phase} ${message ?? ''} at step ${currentStepIndex}, seen: ${seen}` }
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 50 },
    )
  }

  healthy(): Promise<KubeObject> {
    return this.until('Healthy', ({ status }) => status.phase === 'Healthy')
  }

  /** At a pause step, with everything that the steps before asked for. */
  pausedAt(step: number): Promise<KubeObject> {
    return this.until(
      `paused at step ${step}`,
      ({ status }) => status.phase === 'Paused' && status.currentStepIndex === step,
    )
  }

  degraded(): Promise<KubeObject> {
    return this.until('Degraded', ({ status }) => status.phase === 'Degraded')
  }

  /** ReplicaSets by revision, oldest first. */
  async replicaSets(): Promise<KubeObject[]> {
    const { kube, namespace } = this.#context
    const { items } = await kube.list('apps/v1/replicasets', { namespace, labelSelector: `app=${NAME}` })
    // A Deployment with the same labels has its own.
    const own = items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'Rollout')
    return own.toSorted((a, b) => revisionOf(a) - revisionOf(b))
  }

  /** spec.replicas of the ReplicaSets, oldest revision first, once they are so. */
  sizes(wanted: string): Promise<void> {
    return waitFor<void>(
      `ReplicaSets of ${wanted}`,
      async () => {
        const sizes = (await this.replicaSets()).map(({ spec }) => spec.replicas).join('/')
        return sizes === wanted ? { done: undefined } : { waiting: sizes }
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 50 },
    )
  }
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.['rollout.argoproj.io/revision'] ?? 0)
}

export function hashOf({ metadata }: KubeObject): string {
  return metadata.labels?.[HASH] ?? ''
}

export function conditionOf(object: KubeObject | undefined, type: string): any {
  return object?.status?.conditions?.find((condition: { type: string }) => condition.type === type)
}

/** Services over the pods of all versions, until the controller narrows them. */
export async function createServices(
  { kube, namespace }: ContractContext,
  ...names: string[]
): Promise<void> {
  for (const name of names) {
    await kube.create('v1/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app: NAME }, ports: [{ port: 8080, targetPort: 8080 }] },
    })
  }
}

/** The version that a Service selects. */
export async function selectorOf({ kube, namespace }: ContractContext, service: string): Promise<string> {
  return (await kube.get('v1/services', service, { namespace })).spec.selector[HASH]
}
