/** Whether an Experiment's templates can be run. */
import type { KubeObject } from '../../../objects.ts'
import { progressDeadlineSeconds, templatesOf } from './plan.ts'

/** The first error as text; undefined for a spec that can be carried out. */
export function experimentError(experiment: KubeObject): string | undefined {
  const { name } = experiment.metadata
  const seen = new Set<string>()
  for (const [index, template] of templatesOf(experiment).entries()) {
    const { selector, minReadySeconds = 0 } = template
    if (!selector) return `Rollout has missing field '.Spec.Templates[${index}].Selector'`
    if (Object.keys(selector).length === 0) {
      return `This experiment is selecting all pods at index ${index}. A non-empty selector is required.`
    }
    if (minReadySeconds > progressDeadlineSeconds(experiment)) {
      return `MinReadySeconds cannot be longer than ProgressDeadlineSeconds. Check template index ${index}`
    }
    if (!template.name) return `Experiment ${name} has empty template name at index ${index}`
    if (seen.has(template.name)) {
      return `Experiment ${name} has repeated template name '${template.name}' in templates`
    }
    seen.add(template.name)
  }
  return undefined
}
