/** The scalers of each ScaledObject, built once per generation and kept until something fails. */
import { messageOf } from '../../../lib/errors.ts'
import type { Lookup } from '../../../lib/http-client.ts'
import { keyOf } from '../../objects.ts'
import type { Context } from '../runtime/controller.ts'
import { type Container, containerEnv } from './auth/container-env.ts'
import { resolveAuth } from './auth/resolve-auth.ts'
import { emit } from './emit.ts'
import { buildScaler } from './scalers/build-scaler.ts'
import type { Reading, Scaler } from './scalers/scaler.ts'
import { findTarget } from './target.ts'
import type { ScaledObject, Trigger } from './types.ts'

/** A trigger with its scaler. `rebuild` reads credentials and environment again. */
export class BuiltTrigger {
  readonly trigger: Trigger
  scaler: Scaler
  readonly #rebuild: () => Promise<Scaler>

  constructor(trigger: Trigger, scaler: Scaler, rebuild: () => Promise<Scaler>) {
    this.trigger = trigger
    this.scaler = scaler
    this.#rebuild = rebuild
  }

  /** Asks the source; after a failure once more with a freshly built scaler. Only the second failure throws. */
  async read(): Promise<Reading> {
    try {
      return await this.scaler.external!.read()
    } catch {
      await this.scaler.close()
      this.scaler = await this.#rebuild()
      return await this.scaler.external!.read()
    }
  }
}

/**
 * KEDA matches cached scalers by generation only: a Secret that changes is not noticed until a scaler fails,
 * the ScaledObject's spec changes or its loop starts anew.
 */
export class ScalersCache {
  readonly #entries = new Map<string, { generation: number; built: Promise<BuiltTrigger[]> }>()
  readonly #context: Context
  readonly #lookup: Lookup

  constructor(context: Context, lookup: Lookup) {
    this.#context = context
    this.#lookup = lookup
  }

  /** The scalers in trigger order. Throws the build error of the first that fails, after its event. */
  async get(scaledObject: ScaledObject): Promise<BuiltTrigger[]> {
    const key = keyOf(scaledObject)
    const generation = scaledObject.metadata.generation ?? 0
    const cached = this.#entries.get(key)
    if (cached?.generation === generation) return await cached.built
    await this.clear(key)
    const entry = { generation, built: this.#build(scaledObject) }
    this.#entries.set(key, entry)
    try {
      return await entry.built
    } catch (thrown) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      throw thrown
    }
  }

  /** Closes and forgets the scalers of a ScaledObject. */
  async clear(key: string): Promise<void> {
    const cached = this.#entries.get(key)
    if (!cached) return
    this.#entries.delete(key)
    const built = await cached.built.catch(() => [])
    await Promise.all(built.map(({ scaler }) => scaler.close()))
  }

  async #build(scaledObject: ScaledObject): Promise<BuiltTrigger[]> {
    const containers = this.#containers(scaledObject)
    const built: BuiltTrigger[] = []
    for (const [index, trigger] of scaledObject.spec.triggers.entries()) {
      const factory = () => this.#buildOne(scaledObject, trigger, index, containers)
      try {
        built.push(new BuiltTrigger(trigger, await factory(), factory))
      } catch (thrown) {
        emit(this.#context, scaledObject, 'Warning', 'KEDAScalerFailed', messageOf(thrown))
        await Promise.all(built.map(({ scaler }) => scaler.close()))
        throw thrown
      }
      emit(this.#context, scaledObject, 'Normal', 'KEDAScalersStarted', `Scaler ${trigger.type} is built`)
    }
    return built
  }

  /** The target's pod template is captured here: env entries added later wait for the next full build. */
  #containers(scaledObject: ScaledObject): Container[] {
    const { client } = this.#context
    const target = findTarget(client, scaledObject)
    const workload = client.get(target.resource, target.namespace, target.name)
    return workload?.spec?.template?.spec?.containers ?? []
  }

  async #buildOne(
    { metadata, spec }: ScaledObject,
    trigger: Trigger,
    triggerIndex: number,
    containers: Container[],
  ): Promise<Scaler> {
    const { client, log, clock } = this.#context
    const namespace = metadata.namespace!
    return await buildScaler({
      scaledObject: { namespace, name: metadata.name },
      triggerIndex,
      trigger,
      resolvedEnv: this.#env(containers, spec.scaleTargetRef.envSourceContainerName, namespace),
      authParams: resolveAuth(client, log, trigger.authenticationRef, namespace, containers),
      clock,
      lookup: this.#lookup,
    })
  }

  #env(containers: Container[], name: string | undefined, namespace: string): Record<string, string> {
    if (containers.length === 0) return {}
    try {
      return containerEnv(this.#context.client, containers, name, namespace)
    } catch (thrown) {
      throw new Error(`error resolving secrets for ScaleTarget: ${messageOf(thrown)}`, { cause: thrown })
    }
  }
}
