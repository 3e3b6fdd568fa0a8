/** Checks values against each chart's values.schema.json. */
import { sprintf } from '../go/format.ts'
import { toPlain } from '../go/plain.ts'
import type { GoMap } from '../go/value.ts'
import { failureText, SchemaDocument, SchemaProblem, validate } from '../json-schema/index.ts'
import { FuncError } from '../template/errors.ts'
import { chartError } from './error.ts'
import type { Chart } from './types.ts'

/** Throws a DevenvError CHART_INVALID that lists every violation by chart. */
export function validateSchemas(chart: Chart, values: GoMap): void {
  const report = violations(chart, values)
  if (report) {
    throw chartError(
      `values don't meet the specifications of the schema(s) in the following chart(s):\n${report}`,
    )
  }
}

function violations(chart: Chart, values: GoMap): string {
  let report = ''
  if (chart.schema !== undefined) {
    const problem = check(chart.schema, values)
    if (problem !== undefined) report += `${chart.metadata.name}:\n${problem}`
  }
  for (const child of chart.dependencies) {
    const { name } = child.metadata
    const own = values.get(name)
    if (own === undefined || own === null) continue
    report +=
      own instanceof Map
        ? violations(child, own)
        : `${name}:\ninvalid type for values: expected object (map), got ${sprintf('%T', [own])}\n`
  }
  return report
}

/** undefined: the values fit. Helm ends only a list of violations with a line break. */
function check(source: string, values: GoMap): string | undefined {
  try {
    const failure = validate(documentOf(source), toPlain(values))
    return failure && `${failureText(failure)}\n`
  } catch (error) {
    if (error instanceof SchemaProblem || error instanceof FuncError) return error.message
    throw error
  }
}

/** Documents by their text: a chart is rendered many times. */
const known = new Map<string, SchemaDocument>()
const KEPT = 50

function documentOf(source: string): SchemaDocument {
  const found = known.get(source)
  if (found) return found
  const fresh = new SchemaDocument(source)
  if (known.size >= KEPT) known.clear()
  known.set(source, fresh)
  return fresh
}
