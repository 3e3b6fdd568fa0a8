/** Renders a chart into manifests, as `helm template` and Argo CD do. */
import { capabilities, normaliseKubeVersion } from './capabilities.ts'
import { isCompatible, processDependencies } from './chart/dependencies.ts'
import { chartError } from './chart/error.ts'
import { validateSchemas } from './chart/schema.ts'
import { type Chart, chartPath } from './chart/types.ts'
import { coalesceValues } from './chart/values.ts'
import { renderTemplates } from './engine.ts'
import { unmarshalYaml } from './funcs/helm.ts'
import { allFunctions, type Lookup } from './funcs/index.ts'
import { trimSpace } from './funcs/strings.ts'
import { fromBytes } from './go/bytes.ts'
import { mapFromPlain, toPlain } from './go/plain.ts'
import { compareStrings, type GoMap } from './go/value.ts'
import { type Manifest, sortManifests, splitDocuments } from './manifests.ts'
import { allTemplates, releaseValue } from './scope.ts'

export interface RenderOptions {
  releaseName: string
  namespace: string
  /** The user's values, over the chart's. A bigint is an integer; every number is a float, as from YAML. */
  values: Record<string, unknown> | GoMap
  /** `1.33.0` or `v1.33.0`. */
  kubeVersion?: string
  /** On top of the built-in ones: group/version and group/version/Kind. */
  apiVersions?: string[]
  /** .Release.IsInstall; unless given, the opposite of isUpgrade. */
  isInstall?: boolean
  isUpgrade?: boolean
  revision?: number
  /** What the template function `lookup` finds; without it, nothing. */
  lookup?: Lookup
  /** Puts the charts' crds/ before the manifests. */
  includeCrds?: boolean
  /** Leaves test hooks out. */
  skipTests?: boolean
  skipSchemaValidation?: boolean
}

export interface Rendered {
  /** Resources in install order, then hooks in theirs. */
  manifests: Manifest[]
  /** The chart's own NOTES.txt. */
  notes?: string
  /** From the crds/ folders, whether or not they are included in the text. Throws for what is no YAML. */
  readonly crds: Manifest[]
  /** Files of crds/ that toText prints first, as they are: none unless includeCrds. */
  crdFiles: CrdFile[]
}

interface CrdFile {
  source: string
  content: string
}

const NOTES = 'NOTES.txt'

/** Throws a DevenvError CHART_INVALID with Helm's message; its cause has the template, line and expression. */
export function renderChart(chart: Chart, options: RenderOptions): Rendered {
  const kubeVersion = normaliseKubeVersion(options.kubeVersion)
  requireInstallable(chart, kubeVersion)
  const given = options.values instanceof Map ? options.values : mapFromPlain(options.values)
  const ready = processDependencies(chart, given)
  const values = coalesceValues(ready, given)
  if (!options.skipSchemaValidation) validateSchemas(ready, values)
  const isUpgrade = options.isUpgrade ?? false
  const release = releaseValue({
    name: options.releaseName,
    namespace: options.namespace,
    revision: options.revision ?? 1,
    isInstall: options.isInstall ?? !isUpgrade,
    isUpgrade,
  })
  const templates = allTemplates(ready, values, release, capabilities(kubeVersion, options.apiVersions ?? []))
  const output = renderTemplates(templates, allFunctions(options.lookup))
  const notes = takeNotes(output, `${ready.metadata.name}/templates/${NOTES}`)
  const { resources, hooks } = sortManifests(output)
  const crdFiles = crdFilesOf(ready, undefined)
  let crds: Manifest[] | undefined
  const shown = options.skipTests
    ? hooks.filter((manifest) => !manifest.hook?.events.includes('test'))
    : hooks
  return {
    manifests: [...resources, ...shown],
    ...(notes === undefined ? {} : { notes }),
    // Read when asked for: they are large, and most callers want the resources alone.
    get crds() {
      crds ??= crdFiles.flatMap(manifestsOf)
      return crds
    },
    crdFiles: options.includeCrds ? crdFiles : [],
  }
}

/** The text that `helm template` prints. */
export function toText(rendered: Rendered): string {
  const document = ({ source, content }: CrdFile) => `---\n# Source: ${source}\n${content}\n`
  const resources = rendered.manifests.filter((manifest) => !manifest.hook)
  const hooks = rendered.manifests.filter((manifest) => manifest.hook)
  const main = [...rendered.crdFiles, ...resources].map(document).join('')
  return `${trimSpace(main)}\n${hooks.map(document).join('')}`
}

function requireInstallable(chart: Chart, kubeVersion: string): void {
  const { type, kubeVersion: wanted } = chart.metadata
  if (type === 'library') throw chartError('library charts are not installable')
  if (wanted && !isCompatible(wanted, kubeVersion)) {
    throw chartError(
      `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${kubeVersion}`,
    )
  }
}

/** Removes every NOTES.txt from the output and returns the chart's own. */
function takeNotes(output: Map<string, string>, own: string): string | undefined {
  const notes = output.get(own)
  for (const name of [...output.keys()]) if (name.endsWith(NOTES)) output.delete(name)
  return notes
}

function manifestsOf({ source, content }: CrdFile): Manifest[] {
  return splitDocuments(content).map((text) => ({
    source,
    content: text,
    object: toPlain(unmarshalYaml(text)),
  }))
}

/** A chart's custom resource definitions, then its subcharts'. */
function crdFilesOf(chart: Chart, parentPath: string | undefined): CrdFile[] {
  const path = chartPath(parentPath, chart)
  const own = chart.files
    .filter(({ name }) => name.startsWith('crds/') && /\.(ya?ml|json)$/i.test(name))
    .sort((a, b) => compareStrings(a.name, b.name))
    .map(({ name, data }) => ({ source: `${path}/${name}`, content: fromBytes(data) }))
  return [...own, ...chart.dependencies.flatMap((child) => crdFilesOf(child, path))]
}
