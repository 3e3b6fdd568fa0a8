/** `bench helm`: the bundled stack, rendered in this process, against a `helm template` process. */
import { join } from 'node:path'
import { loadChart, renderChart, toText } from '../embedded/helm/index.ts'
import { DevenvError } from '../lib/errors.ts'
import { run, which } from '../lib/exec.ts'
import { cacheDir } from '../lib/paths.ts'
import { type Bench, benchOf, median } from './bench.ts'

export interface HelmBench extends Bench {
  /** As the yardstick says it. */
  helmVersion: string
  /** Our first rendering of a fresh process, its modules' loading included. */
  cold: { ours: number; ratio: number }
}

export interface BenchHelmOptions {
  checkout: string
  runs: number
  progress: (what: string) => void
  /** Where `helm` is looked for. */
  path: string | undefined
}

const RELEASE = { releaseName: 'team1-project', namespace: 'team1-ns', kubeVersion: '1.35.0' }
/** Renderings before the first that counts: a supervisor that syncs has rendered before. */
const WARM_UP = 30

/**
 * Alternates helm, our warm rendering and a cold one, `runs` times; ms from reading the chart's files to the text.
 * Throws PREFLIGHT without helm, BUG when the texts differ.
 */
export async function benchHelm({ checkout, runs, progress, path }: BenchHelmOptions): Promise<HelmBench> {
  const helm = which('helm', path)
  if (!helm) {
    throw new DevenvError('PREFLIGHT', 'bench helm needs helm as its yardstick, and there is none on PATH', {
      fix: 'install Helm 3 (https://helm.sh/docs/intro/install), or put it on PATH',
    })
  }
  const { stdout: helmVersion } = await run(helm, ['version', '--short'])
  const chart = join(checkout, 'devenv', 'stack')
  const { releaseName, namespace, kubeVersion } = RELEASE
  const args = ['template', releaseName, chart, '--namespace', namespace, '--kube-version', kubeVersion]
  await requireEqual(chart, (await run(helm, args)).stdout, helmVersion)
  for (let i = 0; i < WARM_UP; i++) await render(chart)
  await coldMs(checkout, chart)
  const measured: Bench['runs'] = []
  const cold: number[] = []
  for (let round = 1; round <= runs; round++) {
    const yardstick = rounded((await run(helm, args)).durationMs)
    const began = performance.now()
    await render(chart)
    const ours = rounded(performance.now() - began)
    cold.push(await coldMs(checkout, chart))
    measured.push({ ours, yardstick })
    progress(`run ${round}: helm template ${yardstick} ms, ours ${ours} ms, cold ${cold.at(-1)} ms`)
  }
  const coldRatio = median(measured.map(({ yardstick }, i) => cold[i]! / yardstick))
  return {
    ...benchOf('helm', 'ms', measured),
    helmVersion,
    cold: { ours: median(cold), ratio: Number(coldRatio.toFixed(3)) },
  }
}

async function render(chart: string): Promise<string> {
  return toText(renderChart(await loadChart(chart), { ...RELEASE, values: {} }))
}

/** A rendering that is fast and wrong would be no measurement. */
async function requireEqual(chart: string, expected: string, helmVersion: string): Promise<void> {
  if ((await render(chart)).trimEnd() === expected.trimEnd()) return
  throw new DevenvError('BUG', `${chart}: our rendering differs from that of helm ${helmVersion}`)
}

async function coldMs(checkout: string, chart: string): Promise<number> {
  const script = join(checkout, 'src', 'bench', 'render-once.ts')
  // The code cache that a supervisor uses.
  const env = { NODE_COMPILE_CACHE: join(cacheDir(), 'compile') }
  const { stdout } = await run(process.execPath, [script, chart, JSON.stringify(RELEASE)], { env })
  return rounded(Number(stdout))
}

const rounded = (ms: number) => Number(ms.toFixed(1))
