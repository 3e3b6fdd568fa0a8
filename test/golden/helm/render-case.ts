/** Renders a golden case with our renderer, from the flags that `helm template` would get. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  loadChart,
  overlayValues,
  parseValues,
  renderChart,
  type SetKind,
  setValue,
  toText,
  valuesFromPlain,
} from '../../../src/embedded/helm/index.ts'

/** Given to both, since each has its own default. */
export const KUBE_VERSION = '1.33.0'

const many = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const
const OPTIONS = {
  values: { ...many, short: 'f' },
  set: many,
  'set-string': many,
  'set-json': many,
  'set-literal': many,
  'api-versions': many,
  namespace: { type: 'string' },
  'name-template': { type: 'string' },
  'include-crds': flag,
  'skip-tests': flag,
  'is-upgrade': flag,
} as const

/** The order in which Helm applies the kinds, whatever the order of the flags. */
const SET_FLAGS: ['set-json' | 'set' | 'set-string' | 'set-literal', SetKind][] = [
  ['set-json', 'json'],
  ['set', 'typed'],
  ['set-string', 'string'],
  ['set-literal', 'literal'],
]

/** What `helm template <folder>/chart <args>` prints, by our own renderer. */
export async function renderCase(folder: string, args: string[]): Promise<string> {
  const { values: flags } = parseArgs({ args, options: OPTIONS })
  let values = valuesFromPlain({})
  for (const file of flags.values ?? []) {
    values = overlayValues(values, parseValues(readFileSync(join(folder, file), 'utf8'), file))
  }
  for (const [name, kind] of SET_FLAGS) for (const text of flags[name] ?? []) setValue(values, text, kind)
  const rendered = renderChart(await loadChart(join(folder, 'chart')), {
    releaseName: flags['name-template'] ?? 'release-name',
    namespace: flags.namespace ?? 'default',
    values,
    kubeVersion: KUBE_VERSION,
    apiVersions: flags['api-versions'] ?? [],
    includeCrds: flags['include-crds'] ?? false,
    skipTests: flags['skip-tests'] ?? false,
    isUpgrade: flags['is-upgrade'] ?? false,
  })
  return toText(rendered)
}
