/** Checks of the analyses of a Rollout: templates exist, arguments have values, steps come to an end. */
import { messageOf } from '../../../../lib/errors.ts'
import { givenArguments } from '../analysis/given-arguments.ts'
import { findTemplates, runSpec } from '../analysis/templates.ts'
import type { RolloutInput } from '../plan.ts'
import { canarySteps } from '../spec.ts'
import type { RolloutAnalysis } from '../types.ts'
import { invalid } from './field-error.ts'

export function analysisError(input: RolloutInput): string | undefined {
  const { canary, blueGreen } = input.rollout.spec.strategy
  const analyses: [string, RolloutAnalysis | undefined, boolean][] = [
    ['spec.strategy.blueGreen.prePromotionAnalysis.templates', blueGreen?.prePromotionAnalysis, false],
    ['spec.strategy.blueGreen.postPromotionAnalysis.templates', blueGreen?.postPromotionAnalysis, false],
    ...canarySteps(input.rollout).map((step, index): [string, RolloutAnalysis | undefined, boolean] => [
      `spec.strategy.canary.steps[${index}].analysis.templates`,
      step.analysis,
      false,
    ]),
    ['spec.strategy.canary.analysis.templates', canary?.analysis, true],
  ]
  for (const [path, analysis, background] of analyses) {
    const error = analysis && errorOf(input, path, analysis, background)
    if (error) return error
  }
  return undefined
}

function errorOf(
  { rollout, templates }: RolloutInput,
  path: string,
  analysis: RolloutAnalysis,
  background: boolean,
): string | undefined {
  const refs = analysis.templates ?? []
  try {
    const found = findTemplates(refs, templates)
    runSpec(analysis, found, givenArguments(analysis.args, rollout, undefined, undefined))
    if (background) return undefined
    for (const template of found) {
      const endless = (template.spec.metrics ?? []).find((metric: any) => metric.interval && !metric.count)
      if (!endless) continue
      const { name } = template.metadata
      const detail = `AnalysisTemplate ${name} has metric ${endless.name} which runs indefinitely. Invalid value for count: <nil>`
      return invalid(path, name, detail)
    }
    return undefined
  } catch (thrown) {
    const names = refs.map(({ templateName }) => templateName)
    return invalid(
      path,
      names.length === 1 ? names[0] : `templateNames: [${names.join(' ')}]`,
      messageOf(thrown),
    )
  }
}
