/** Where the stack's chart comes from: the environment's own repository, somebody's repository, or a folder as saved. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LocalCharts, localCharts } from '../components/chart/local-charts.ts'
import { withCheckout } from '../components/repository/checkout.ts'
import { DevenvError } from '../lib/errors.ts'
import type { Asked } from '../lib/record.ts'

export type StackSource =
  /** A folder that is committed to the environment's own repository. */
  | { kind: 'own'; folder: string; charts: LocalCharts }
  /** A folder that is synced as its files are saved. */
  | { kind: 'folder'; folder: string; charts: LocalCharts }
  | { kind: 'repository'; url: string; path: string; revision: string }

/** What Argo CD is told. */
export interface ApplicationSource {
  repoURL: string
  path: string
  targetRevision: string
}

/** The source that the flags name; `bundled` is the chart of this project. Throws USAGE for a folder without a chart. */
export async function stackSource(asked: Asked, bundled: string): Promise<StackSource> {
  if (asked.repo !== undefined) {
    const local = existsSync(asked.repo)
    const url = local ? resolve(asked.repo) : asked.repo
    return { kind: 'repository', url, path: asked.path ?? '.', revision: asked.revision ?? 'HEAD' }
  }
  const folder = asked.chart ?? bundled
  if (!existsSync(join(folder, 'Chart.yaml')))
    throw new DevenvError('USAGE', `--chart ${folder}: there is no Chart.yaml in it`, {
      fix: 'Name the folder of a Helm chart.',
    })
  return { kind: asked.watchChart ? 'folder' : 'own', folder, charts: await localCharts(folder) }
}

/** Folder of the chart in the environment's own repository. */
export function ownPath({ charts }: StackSource & { kind: 'own' }, path: string): string {
  return charts.path || path
}

/** The source as an Application names it; `own` is the environment's own repository. */
export function applicationSource(source: StackSource, own: ApplicationSource): ApplicationSource {
  switch (source.kind) {
    case 'own':
      return { ...own, path: ownPath(source, own.path) }
    case 'folder':
      return {
        repoURL: pathToFileURL(source.charts.root).href.replace('file:', 'dir:'),
        path: source.charts.path || '.',
        targetRevision: 'HEAD',
      }
    case 'repository':
      return { repoURL: source.url, path: source.path, targetRevision: source.revision }
  }
}

/** Gives `use` the chart's folder as it is right now; a repository is cloned for it. Throws REPO_UNREACHABLE. */
export async function withChart<T>(source: StackSource, use: (chart: string) => Promise<T>): Promise<T> {
  if (source.kind !== 'repository') return use(source.folder)
  const { path, revision, url } = source
  return withCheckout(source, (root) => {
    const chart = join(root, path)
    if (existsSync(join(chart, 'Chart.yaml'))) return use(chart)
    throw new DevenvError('USAGE', `--path ${path}: there is no Chart.yaml in it at ${revision} of ${url}`, {
      fix: 'Name the folder of a Helm chart in that repository.',
    })
  })
}
