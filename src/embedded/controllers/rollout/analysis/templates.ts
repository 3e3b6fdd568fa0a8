/** AnalysisRuns from templates: which templates an analysis names, and what they make together. */
import type { KubeObject } from '../../../objects.ts'
import type { AnalysisTemplates } from '../plan.ts'
import type { AnalysisArgument, RolloutAnalysis, TemplateRef } from '../types.ts'

/** Spec of an AnalysisRun. */
export interface RunSpec {
  metrics: any[]
  args: AnalysisArgument[]
  dryRun?: { metricName: string }[]
  measurementRetention?: { metricName: string; limit: number }[]
}

/** The templates of these references and of those that they nest, each once; throws on one that is missing. */
export function findTemplates(refs: TemplateRef[], templates: AnalysisTemplates): KubeObject[] {
  const found = new Map<string, KubeObject>()
  const visit = (ref: TemplateRef): void => {
    const { templateName, clusterScope } = ref
    const key = `${clusterScope ? 'cluster' : 'namespaced'}/${templateName}`
    if (found.has(key)) return
    const template = (clusterScope ? templates.cluster : templates.namespaced).get(templateName)
    if (!template) {
      throw new Error(
        `${clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'} '${templateName}' not found`,
      )
    }
    found.set(key, template)
    for (const nested of template.spec.templates ?? []) visit(nested)
  }
  for (const ref of refs) visit(ref)
  return [...found.values()]
}

/** Metrics and arguments of all templates, with the values that the Rollout gives; throws when one has none. */
export function runSpec(
  analysis: RolloutAnalysis,
  templates: KubeObject[],
  given: AnalysisArgument[],
): RunSpec {
  const metrics = templates.flatMap(({ spec }) => spec.metrics ?? [])
  const names = new Set<string>()
  for (const { name } of metrics) {
    if (names.has(name)) throw new Error(`two metrics have the same name '${name}'`)
    names.add(name)
  }
  const args = declaredArguments(templates).map((declared) => {
    const { value, valueFrom } = given.find(({ name }) => name === declared.name) ?? {}
    if (value !== undefined) return { name: declared.name, value }
    return valueFrom === undefined ? declared : { ...declared, valueFrom }
  })
  const unresolved = args.find(({ value, valueFrom }) => value === undefined && valueFrom === undefined)
  if (unresolved) throw new Error(`args.${unresolved.name} was not resolved`)
  const dryRun = [...(analysis.dryRun ?? []), ...templates.flatMap(({ spec }) => spec.dryRun ?? [])]
  const measurementRetention = [
    ...(analysis.measurementRetention ?? []),
    ...templates.flatMap(({ spec }) => spec.measurementRetention ?? []),
  ]
  return {
    metrics: structuredClone(metrics),
    args,
    ...(dryRun.length > 0 ? { dryRun } : {}),
    ...(measurementRetention.length > 0 ? { measurementRetention } : {}),
  }
}

/** Arguments of all templates by name; one that has a value wins over one that has none. */
function declaredArguments(templates: KubeObject[]): AnalysisArgument[] {
  const declared = new Map<string, AnalysisArgument>()
  for (const argument of templates.flatMap(({ spec }): AnalysisArgument[] => spec.args ?? [])) {
    const before = declared.get(argument.name)
    if (before?.value !== undefined && argument.value !== undefined && before.value !== argument.value) {
      const values = `'${before.value}', '${argument.value}'`
      throw new Error(
        `Argument \`${argument.name}\` specified multiple times with different values: ${values}`,
      )
    }
    if (before?.value === undefined) declared.set(argument.name, argument)
  }
  return [...declared.values()]
}
