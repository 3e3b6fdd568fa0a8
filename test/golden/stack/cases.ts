/** The renderings of the bundled charts that are kept: each a folder with its values and Helm's output. */
import { readFile } from 'node:fs/promises'
import { parse, parseAllDocuments } from 'yaml'

export interface GoldenCase {
  name: string
  release: string
  namespace: string
  /** Absolute path of the chart's folder. */
  chart: string
  /** Values laid over the chart's own. */
  values: Record<string, unknown>
  /** Absolute path of Helm's output for it. */
  expected: string
}

const path = (relative: string) => new URL(relative, import.meta.url).pathname

const stack = { release: 'team1-project', namespace: 'team1-ns', chart: path('../../../devenv/stack') }
const llm = { release: 'llm', namespace: 'llm', chart: path('../../../devenv/llm') }

async function readValues(file: string): Promise<Record<string, unknown>> {
  return parse(await readFile(file, 'utf8'))
}

/** All cases. The profile's is read from the profile itself: its golden shows what a change of it does. */
export async function goldenCases(): Promise<GoldenCase[]> {
  const kept = async (name: string, chart: typeof stack) => ({
    name,
    ...chart,
    values: await readValues(path(`./${name}/values.yaml`)),
    expected: path(`./${name}/expected.yaml`),
  })
  const fast = (await readValues(path('../../../devenv/profiles/fast.yaml'))).values as Record<
    string,
    unknown
  >
  return [
    await kept('default', stack),
    await kept('everything', stack),
    await kept('bare', stack),
    await kept('llm', llm),
    { name: 'fast', ...stack, values: fast, expected: path('./fast/expected.yaml') },
  ]
}

/** The objects of a rendering, sorted: Helm's order is a matter of its own. */
export function objectsOf(rendering: string): any[] {
  const key = (object: any) => `${object.kind}/${object.metadata.name}`
  return parseAllDocuments(rendering)
    .map((document) => document.toJS())
    .filter((object) => object !== null)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
