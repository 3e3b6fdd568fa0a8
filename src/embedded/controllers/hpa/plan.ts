/** What one sync of an HPA gathers: conditions and events on the way to its status. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { type Condition, setCondition } from '../shared/conditions.ts'
import { compact } from '../shared/json.ts'
import { AUTOSCALERS } from '../shared/resources.ts'
import { statusChanges } from '../shared/status.ts'
import type { Outcome } from './decide.ts'

export const COMPONENT = 'horizontal-pod-autoscaler'

export class Plan {
  readonly hpa: KubeObject
  readonly now: number
  readonly changes: Change[] = []
  #conditions: Condition[]

  constructor(hpa: KubeObject, now: number) {
    this.hpa = hpa
    this.now = now
    this.#conditions = hpa.status?.conditions ?? []
  }

  condition(outcome: Outcome): void {
    this.#conditions = setCondition(this.#conditions, outcome, this.now)
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.changes.push({ verb: 'event', regarding: this.hpa, type, reason, message, component: COMPONENT })
  }

  /**
   * Plans the status write. `metrics` undefined: they were not read, which is written as null.
   * observedGeneration is never set, as in the real controller.
   */
  writeStatus(replicas: { current?: number; desired?: number }, metrics?: unknown[], rescaled = false): void {
    const before = this.hpa.status ?? {}
    const status = {
      currentReplicas: (replicas.current ?? before.currentReplicas) || undefined,
      desiredReplicas: replicas.desired ?? before.desiredReplicas ?? 0,
      lastScaleTime: rescaled ? rfc3339(this.now) : before.lastScaleTime,
      currentMetrics: metrics ?? null,
      conditions: this.#conditions,
    }
    this.changes.push(...statusChanges(AUTOSCALERS, this.hpa, compact(status)))
  }

  /** Plans the status write of a sync that did not get as far as replicas: only the conditions move. */
  writeConditions(): void {
    const before = this.hpa.status ?? {}
    const status = { desiredReplicas: 0, currentMetrics: null, ...before, conditions: this.#conditions }
    this.changes.push(...statusChanges(AUTOSCALERS, this.hpa, compact(status)))
  }
}
