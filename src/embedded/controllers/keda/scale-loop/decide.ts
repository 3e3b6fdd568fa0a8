/** One check of the scale loop as a pure function: what the triggers say → replicas, conditions, memory. */

import type { Pausing } from '../annotations.ts'
import {
  ACTIVE,
  COOLING_DOWN,
  FORCED_ACTIVE,
  NOT_ACTIVE,
  PARTIAL_TRIGGER_ERROR,
  PAUSED,
  READY,
  replicasUnreadable,
  TRIGGER_ERROR,
} from '../conditions.ts'
import { cooldownMs, initialCooldownMs, minReplicas } from '../replica-bounds.ts'
import type { Condition, ScaledObjectSpec } from '../types.ts'

export interface CheckState {
  spec: ScaledObjectSpec
  pausing: Pausing
  nowMs: number
  createdMs: number
  /** status.lastActiveTime; undefined = never. */
  lastActiveMs: number | undefined
  /** spec.replicas of the target, or why it cannot be read. */
  current: number | { error: string }
  /** Some trigger is active (one that falls back counts). */
  active: boolean
  /** Some trigger failed. */
  error: boolean
}

export interface Decision {
  /** Conditions to set, in this order. */
  conditions: Condition[]
  /** The write to /scale, with what it is for: events and lastActiveTime depend on it. */
  scale?: { to: number; why: 'activate' | 'deactivate' | 'minimum' }
  /** Set lastActiveTime to now; when there is a scale, only if it succeeds. */
  touch: boolean
}

/** KEDA's RequestScale (scale_scaledobjects.go), in its order: the first rule that matches decides. */
export function decide(state: CheckState): Decision {
  const { current, pausing } = state
  if (typeof current !== 'number') return { conditions: [replicasUnreadable(current.error)], touch: false }
  if (pausing.paused) return { conditions: [READY, PAUSED], touch: false }
  return state.active || pausing.forceActivation ? whenActive(state, current) : whenIdle(state, current)
}

function whenActive({ spec, pausing, active, error }: CheckState, current: number): Decision {
  const min = minReplicas(spec)
  const conditions = [READY, active ? ACTIVE : FORCED_ACTIVE]
  const idling = spec.idleReplicaCount !== undefined && current < min
  if (idling || current === 0) {
    if (pausing.pausedScaleOut) return { conditions, touch: false }
    // The backlog does not matter here: from the first replica on, the HPA decides.
    return { conditions, scale: { to: Math.max(min, 1), why: 'activate' }, touch: true }
  }
  if (error) return { conditions: [PARTIAL_TRIGGER_ERROR, conditions[1]!], touch: false }
  return { conditions, touch: true }
}

function whenIdle(state: CheckState, current: number): Decision {
  const { spec, error } = state
  const { fallback, idleReplicaCount: idle } = spec
  const min = minReplicas(spec)
  const stay: Decision = { conditions: [READY, NOT_ACTIVE], touch: false }
  if (error && fallback && fallback.replicas !== 0) return stay
  if (error && !fallback) return { conditions: [TRIGGER_ERROR, NOT_ACTIVE], touch: false }
  if ((idle !== undefined && current > idle) || (current > 0 && min === 0)) return deactivate(state, stay)
  if (idle === undefined && current < min) return { ...stay, scale: { to: min, why: 'minimum' } }
  return stay
}

function deactivate(state: CheckState, stay: Decision): Decision {
  if (state.pausing.pausedScaleIn) return stay
  if (!cooledDown(state)) return { conditions: [READY, COOLING_DOWN], touch: false }
  return { ...stay, scale: { to: state.spec.idleReplicaCount ?? minReplicas(state.spec), why: 'deactivate' } }
}

/** A ScaledObject that was never active only waits for its initial cooldown, counted from its creation. */
function cooledDown({ spec, nowMs, createdMs, lastActiveMs }: CheckState): boolean {
  return lastActiveMs === undefined
    ? nowMs > createdMs + initialCooldownMs(spec)
    : nowMs > lastActiveMs + cooldownMs(spec)
}
