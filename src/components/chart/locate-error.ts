/** Which file of a chart an error of the renderer is about: Helm's messages name it in four ways. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A file's path and, where the message tells a line of that file, `:line`. Undefined when none of the chart's is named. */
export function locateChartError(chart: string, message: string): string | undefined {
  const named = inTemplate(message) ?? inFile(message)
  if (!named) return undefined
  const path = join(chart, named.path)
  // A subchart from elsewhere (file://, an alias) is named by its place in the release, which is no path here.
  if (!existsSync(path)) return undefined
  return named.line ? `${path}:${named.line}` : path
}

interface Named {
  path: string
  line?: string
}

/** `CHART/templates/x.yaml:3:10`, and the like without a line: a chart's own name comes first. */
function inTemplate(message: string): Named | undefined {
  const match = /(?:^|[\s("])[^\s/"(]+\/((?:charts\/[^\s/]+\/)*templates\/[^\s:"')]+)(?::(\d+))?/.exec(
    message,
  )
  return match?.[1] ? { path: match[1], ...(match[2] ? { line: match[2] } : {}) } : undefined
}

/** `error unpacking subchart A in B: cannot load values.yaml: … yaml: line 2: …`. */
function inFile(message: string): Named | undefined {
  const file = /cannot (?:load|parse) ((?:Chart|values)\.yaml|values\.schema\.json)/.exec(message)?.[1]
  if (!file) return undefined
  const folders = [...message.matchAll(/unpacking subchart (\S+) in/g)].map((match) => `charts/${match[1]}`)
  const line = /yaml: line (\d+)/.exec(message)?.[1]
  return { path: join(...folders, file), ...(line ? { line } : {}) }
}
