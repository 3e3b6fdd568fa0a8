/** Checks of a canary's steps. */
import { pauseSeconds } from '../spec.ts'
import type { CanaryStep } from '../types.ts'
import { invalid, required } from './field-error.ts'
import { routeError } from './routes.ts'

const PATH = 'spec.strategy'
const KINDS = [
  'experiment',
  'pause',
  'setWeight',
  'analysis',
  'setCanaryScale',
  'setHeaderRoute',
  'setMirrorRoute',
  'plugin',
] as const
/** Of these a step may have only one. */
const EXCLUSIVE = ['experiment', 'pause', 'setWeight', 'analysis'] as const
const ONE_KIND =
  'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause'

/** The first error among the steps. */
export function stepError(canary: { steps?: CanaryStep[]; trafficRouting?: any }): string | undefined {
  for (const [index, step] of (canary.steps ?? []).entries()) {
    const error = errorOf(step, `${PATH}.steps[${index}]`, canary.trafficRouting)
    if (error) return error
  }
  return undefined
}

function errorOf(step: CanaryStep, path: string, trafficRouting: any): string | undefined {
  const { setWeight, pause } = step
  const given = KINDS.filter((kind) => step[kind] !== undefined)
  const exclusive = EXCLUSIVE.filter((kind) => step[kind] !== undefined)
  if (given.length === 0 || exclusive.length > 1) {
    const value = (exclusive.length > 1 ? EXCLUSIVE : KINDS)
      // Upstream prints true for what is absent when nothing is set.
      .map(
        (kind) =>
          `step.${kind[0]!.toUpperCase()}${kind.slice(1)}: ${(step[kind] !== undefined) === exclusive.length > 1}`,
      )
      .join(' ')
    return invalid(path, value, ONE_KIND)
  }
  const most = trafficRouting?.maxTrafficWeight ?? 100
  if (setWeight !== undefined && (setWeight < 0 || setWeight > most)) {
    return invalid(`${path}.setWeight`, setWeight, `SetWeight needs to be between 0 and ${most}`)
  }
  const seconds = pauseSeconds(pause?.duration) ?? 0
  if (seconds < 0) return invalid(`${path}.pause.duration`, seconds, 'Duration needs to be greater than 0')
  if (step.setCanaryScale && !trafficRouting) {
    return required(`${PATH}.trafficRouting`, 'SetCanaryScale requires TrafficRouting to be set')
  }
  return routeError(step, path, trafficRouting) ?? unsupportedError(step, path)
}

/** Steps that only a plugin could carry out: better refused than stuck. */
function unsupportedError(step: CanaryStep, path: string): string | undefined {
  if (step.plugin) {
    return invalid(`${path}.plugin`, step.plugin.name, 'step plugins are not supported by this cluster')
  }
  return undefined
}
