/** A Helm source: the values in Argo CD's order, then what `helm template` would print. */
import { glob, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import {
  loadChart,
  overlayValues,
  parseValues,
  renderChart,
  setValue,
  valuesFromPlain,
} from '../../../helm/index.ts'
import type { HelmSource } from '../types.ts'
import { type BuildEnvironment, substitute } from './environment.ts'
import { insideRoot } from './inside.ts'

export interface HelmRequest {
  /** The repository's files. */
  root: string
  /** Files of other sources, by the `$name` that a path begins with. */
  references: ReadonlyMap<string, string>
  /** The chart, below the root. */
  chart: string
  helm: HelmSource
  releaseName: string
  namespace: string
  /** `1.35.0`. */
  kubeVersion: string
  apiVersions: string[]
  environment: BuildEnvironment
}

type Values = ReturnType<typeof valuesFromPlain>

/** The chart's objects; CRDs first unless the source skips them. Throws with Helm's message. */
export async function renderHelm(request: HelmRequest): Promise<unknown[]> {
  const { helm, chart: path } = request
  const [chart, values] = await Promise.all([loadChart(path), valuesOf(request)])
  const rendered = renderChart(chart, {
    releaseName: helm.releaseName || request.releaseName,
    namespace: helm.namespace || request.namespace,
    values,
    kubeVersion: helm.kubeVersion || request.kubeVersion,
    apiVersions: helm.apiVersions ?? request.apiVersions,
    isInstall: true,
    skipTests: helm.skipTests ?? false,
    skipSchemaValidation: helm.skipSchemaValidation ?? false,
  })
  const crds = helm.skipCrds ? [] : rendered.crds
  return [...crds, ...rendered.manifests].map(({ object }) => object)
}

/** Low to high: value files in order, valuesObject (or values), file parameters, parameters. */
async function valuesOf(request: HelmRequest): Promise<Values> {
  const { helm, environment } = request
  let values: Values = new Map()
  for (const file of await valueFiles(request)) {
    const text = await readFile(file, 'utf8')
    values = overlayValues(values, parseValues(text, `failed to parse ${relative(request.root, file)}`))
  }
  if (helm.valuesObject) values = overlayValues(values, valuesFromPlain(helm.valuesObject))
  else if (helm.values) values = overlayValues(values, parseValues(helm.values, 'failed to parse values'))
  for (const { name = '', path = '' } of helm.fileParameters ?? []) {
    const text = await readFile(locate(path, request, 'file').full, 'utf8')
    setValue(values, `${name}=${escapeCommas(text)}`)
  }
  for (const { name = '', value = '', forceString } of helm.parameters ?? []) {
    setValue(
      values,
      `${name}=${escapeCommas(substitute(value, environment))}`,
      forceString ? 'string' : 'typed',
    )
  }
  return values
}

/** A comma would begin the next assignment, except inside a list. */
function escapeCommas(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value
  return value.replace(/(?<!\\),/g, '\\,')
}

/** Where a file of the source lies: beside the chart, from the root with a `/`, in another source with a `$name/`. */
function locate(given: string, { root, chart, references, environment }: HelmRequest, what: string) {
  const reference = references.get(given.split('/')[0]!)
  if (reference !== undefined) {
    return { root: reference, full: insideRoot(reference, given.slice(given.indexOf('/') + 1), what) }
  }
  const name = substitute(given, environment)
  const from = isAbsolute(name) ? name.slice(1) : join(relative(root, chart), name)
  return { root, full: insideRoot(root, from, what) }
}

async function valueFiles(request: HelmRequest): Promise<string[]> {
  const { helm } = request
  const files: string[] = []
  for (const given of helm.valueFiles ?? []) {
    const { root, full } = locate(given, request, 'value file')
    const found = await expand(full)
    if (found.length === 0) {
      if (helm.ignoreMissingValueFiles) continue
      throw new Error(`open ${relative(root, full)}: no such file or directory`)
    }
    files.push(...found.filter((file) => !files.includes(file)))
  }
  return files
}

/** The files of a name or a glob, in lexical order. */
async function expand(full: string): Promise<string[]> {
  const found: string[] = []
  // A name without wildcards finds itself.
  const literal = full.split(sep).findIndex((part) => /[*?[{]/.test(part))
  const base = literal < 0 ? dirname(full) : full.split(sep).slice(0, literal).join(sep)
  for await (const path of glob(relative(base, full), { cwd: base })) found.push(join(base, path))
  return found.sort()
}
