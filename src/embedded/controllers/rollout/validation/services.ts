/** Checks of the Services that a Rollout names: they exist, select its pods, and are no other Rollout's. */
import { HASH_LABEL, MANAGED_BY } from '../names.ts'
import type { RolloutInput } from '../plan.ts'
import { invalid } from './field-error.ts'

const FIELDS = [
  'blueGreen.activeService',
  'blueGreen.previewService',
  'canary.stableService',
  'canary.canaryService',
  'canary.pingPong.pingService',
  'canary.pingPong.pongService',
]

export function serviceError({ rollout, services }: RolloutInput): string | undefined {
  for (const field of FIELDS) {
    const name = field.split('.').reduce((node, part) => node?.[part], rollout.spec.strategy)
    if (!name) continue
    const path = `spec.strategy.${field}`
    const service = services.find(({ metadata }) => metadata.name === name)
    if (!service) return invalid(path, name, `service "${name}" not found`)
    const labels = rollout.spec.template.metadata?.labels ?? {}
    for (const [label, value] of Object.entries(service.spec?.selector ?? {})) {
      if (label === HASH_LABEL || labels[label] === value) continue
      return invalid(path, name, `Service "${name}" has unmatch label "${label}" in rollout`)
    }
    const owner = service.metadata.annotations?.[MANAGED_BY]
    if (owner !== undefined && owner !== rollout.metadata.name) {
      return invalid(path, name, `Service "${name}" is managed by another Rollout`)
    }
  }
  return undefined
}
