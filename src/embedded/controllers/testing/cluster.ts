/** A cluster for tests: in-memory client, fake clock and controllers, driven step by step. */
import { FakeClock } from '../../../lib/clock.ts'
import { silentLogger } from '../../../lib/log.ts'
import type { KubeObject } from '../../objects.ts'
import type { Controller } from '../runtime/controller.ts'
import { ControllerManager } from '../runtime/manager.ts'
import { MemoryClient } from './memory-client.ts'

export class TestCluster implements AsyncDisposable {
  readonly clock = new FakeClock()
  readonly client = new MemoryClient(this.clock)
  readonly #manager: ControllerManager

  constructor(controllers: Controller[]) {
    this.#manager = new ControllerManager({ client: this.client, clock: this.clock, log: silentLogger })
    for (const controller of controllers) this.add(controller)
  }

  add(controller: Controller): void {
    this.#manager.add(controller)
  }

  /** Lets the controllers do everything that can be done without time passing. */
  async settle(): Promise<void> {
    do await this.clock.advance(0)
    while (!this.#manager.idle)
  }

  /** Moves time in steps, settling after each, until `ms` have passed. */
  async advance(ms: number, stepMs = 250): Promise<void> {
    await this.settle()
    for (let left = ms; left > 0; left -= stepMs) {
      await this.clock.advance(Math.min(stepMs, left))
      await this.settle()
    }
  }

  /** Moves time until `done`, for at most `limitMs`; throws with `what` if it does not come. */
  async until(what: string, done: () => boolean, limitMs = 120_000): Promise<void> {
    await this.settle()
    for (let passed = 0; !done(); passed += 250) {
      if (passed >= limitMs) throw new Error(`did not happen within ${limitMs} ms: ${what}`)
      await this.advance(250)
    }
  }

  /** Reasons and messages of the events so far, oldest first: `ScalingReplicaSet: Scaled up …`. */
  events(component?: string): string[] {
    return this.client
      .list('v1/events')
      .filter((event) => component === undefined || event.source?.component === component)
      .map((event: KubeObject) => `${event.reason}: ${event.message}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#manager[Symbol.asyncDispose]()
  }
}
