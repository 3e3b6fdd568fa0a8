/** A test cluster with Rollouts: controllers, a kubelet on a fake clock, and the verbs that people use. */
import type { KubeObject, Manifest } from '../../../objects.ts'
import { replicaSetController } from '../../replicaset/controller.ts'
import type { Controller } from '../../runtime/controller.ts'
import { isActive, isReady } from '../../shared/pods.ts'
import { manifest, NAMESPACE, podTemplate } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/cluster.ts'
import { type KubeletOptions, testKubelet } from '../../testing/kubelet.ts'
import { rolloutController } from '../controller.ts'
import { COMPONENT, HASH_LABEL, ROLLOUTS } from '../names.ts'
import type { CanaryStep, RolloutStatus } from '../types.ts'

export const NAME = 'api'
export const REPLICA_SETS = 'apps/v1/replicasets'

export function rollout(spec: Record<string, unknown>): Manifest {
  return manifest('argoproj.io/v1alpha1', 'Rollout', NAME, {
    spec: { replicas: 1, selector: { matchLabels: { app: NAME } }, template: podTemplate(NAME), ...spec },
  })
}

export function canary(steps: CanaryStep[], spec: Record<string, unknown> = {}): Manifest {
  return rollout({ strategy: { canary: { steps } }, ...spec })
}

export function service(name: string): Manifest {
  return manifest('v1', 'Service', name, { spec: { selector: { app: NAME }, ports: [{ port: 80 }] } })
}

export class RolloutWorld extends TestCluster {
  readonly #told: string[] = []

  constructor(options: KubeletOptions = {}, more: Controller[] = []) {
    super([rolloutController(), replicaSetController(), testKubelet(options), ...more])
    // Repeated events count up in place: what was told, and in which order, only a watch knows.
    this.client.watch('v1/events', ({ object }) => {
      if (object.source.component === COMPONENT) this.#told.push(`${object.reason}: ${object.message}`)
    })
  }

  get rollout(): KubeObject {
    return this.client.get(ROLLOUTS, NAMESPACE, NAME)!
  }

  get status(): RolloutStatus {
    return this.rollout.status ?? {}
  }

  /** What a person or CI writes to the spec. */
  spec(spec: unknown): void {
    this.client.patch(ROLLOUTS, NAMESPACE, NAME, { spec }, { type: 'merge' })
  }

  image(image: string): void {
    this.spec({ template: podTemplate(NAME, image) })
  }

  /** What the kubectl plugin writes to /status. */
  say(status: unknown): void {
    this.client.patch(ROLLOUTS, NAMESPACE, NAME, { status }, { type: 'merge', subresource: 'status' })
  }

  reason(type: string): string | undefined {
    return this.status.conditions?.find((condition) => condition.type === type)?.reason
  }

  replicaSet(image: string): KubeObject | undefined {
    return this.client.list(REPLICA_SETS).find(({ spec }) => spec.template.spec.containers[0].image === image)
  }

  /** spec.replicas of the ReplicaSets of these images, as `3/1`. */
  sizes(...images: string[]): string {
    return images.map((image) => this.replicaSet(image)?.spec.replicas ?? 0).join('/')
  }

  /** Images of the pods that are not on their way out, sorted. */
  running(): string[] {
    return this.client
      .list('v1/pods')
      .filter(isActive)
      .map((pod) => pod.spec.containers[0].image as string)
      .sort()
  }

  get ready(): number {
    return this.client.list('v1/pods').filter((pod) => isActive(pod) && isReady(pod)).length
  }

  healthy = (): boolean =>
    this.status.phase === 'Healthy' &&
    this.status.observedGeneration === String(this.rollout.metadata.generation)

  paused = (): boolean => this.status.phase === 'Paused'

  /** Every event of the Rollout controller, repetitions too, oldest first. */
  get told(): string[] {
    return [...this.#told]
  }

  /** Their reasons, from the `from`th on. */
  reasons(from = 0): string[] {
    return this.#told.slice(from).map((event) => event.slice(0, event.indexOf(':')))
  }

  hash(service: string): string | undefined {
    return this.client.get('v1/services', NAMESPACE, service)?.spec.selector[HASH_LABEL]
  }
}
