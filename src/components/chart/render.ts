/** Renders a chart to manifests, ready to apply. */
import { relative } from 'node:path'
import { loadChart, overlayValues, renderChart, valuesFromPlain } from '../../embedded/helm/index.ts'
import { DevenvError } from '../../lib/errors.ts'
import type { Manifest } from './apply.ts'
import { locateChartError } from './locate-error.ts'

/** Of every kind of cluster: the one minor that all operators support. Argo CD renders with the cluster's own. */
const KUBE_VERSION = '1.35.0'

export interface RenderOptions {
  release: string
  namespace: string
  /** Laid over the chart's own values, later ones over earlier ones. */
  values: Record<string, unknown>[]
}

/**
 * Manifests in Helm's install order, CRDs of the chart first; hooks are left out, they are Argo CD's to run.
 * Throws CHART_INVALID with template:line and the expression, and the file to mend.
 */
export async function renderManifests(path: string, options: RenderOptions): Promise<Manifest[]> {
  try {
    return await render(path, options)
  } catch (thrown) {
    if (!(thrown instanceof DevenvError) || thrown.code !== 'CHART_INVALID') throw thrown
    const file = locateChartError(path, thrown.message)
    if (file === undefined) throw thrown
    throw new DevenvError('CHART_INVALID', thrown.message, {
      cause: thrown,
      fix: `Mend ${shown(file)}; nothing was created.`,
    })
  }
}

/** As short as it can be clicked on. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}

async function render(path: string, options: RenderOptions): Promise<Manifest[]> {
  const chart = await loadChart(path)
  const rendered = renderChart(chart, {
    releaseName: options.release,
    namespace: options.namespace,
    values: options.values.map(valuesFromPlain).reduce(overlayValues, new Map()),
    kubeVersion: KUBE_VERSION,
    isInstall: true,
  })
  const resources = rendered.manifests.filter((manifest) => !manifest.hook)
  const manifests = [...rendered.crds, ...resources].filter((manifest) => manifest.object)
  if (manifests.length === 0) throw new DevenvError('CHART_INVALID', `${path}: the chart renders no objects`)
  return manifests.map(({ source, object }) => ({ source, object }))
}
