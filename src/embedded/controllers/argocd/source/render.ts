/** From a source and its files to raw objects: what kind of source it is, and the renderer for it. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Application, ApplicationSource } from '../types.ts'
import { readDirectory } from './directory.ts'
import { buildEnvironment } from './environment.ts'
import { insideRoot } from './inside.ts'
import { withOverrides } from './overrides.ts'

export interface ClusterFacts {
  /** `1.35.0`. */
  kubeVersion: string
  /** group/version and group/version/Kind of everything served. */
  apiVersions: string[]
}

export interface RenderRequest {
  app: Application
  source: ApplicationSource
  revision: string
  /** The repository's files at that revision. */
  root: string
  /** Files of other sources, by the `$name` that value files begin with. */
  references: ReadonlyMap<string, string>
  /** By which the Application tracks its objects. */
  appName: string
  facts: ClusterFacts
}

export interface RenderedSource {
  sourceType: 'Helm' | 'Directory' | ''
  /** As the files have them: Lists not flattened, empty documents included. */
  objects: unknown[]
}

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** Throws with the reason when the source cannot be rendered. */
export async function renderSource(request: RenderRequest): Promise<RenderedSource> {
  const { app, revision, root, facts, references } = request
  const folder = insideRoot(root, request.source.path ?? '', 'app path')
  if (!(await exists(folder))) throw new Error(`${request.source.path}: app path does not exist`)
  const source = await withOverrides(request.source, folder, request.appName)
  switch (await typeOf(source, folder)) {
    case 'Helm': {
      // Charts and their engine are loaded with the first Application that has one.
      const { renderHelm } = await import('./helm.ts')
      const objects = await renderHelm({
        root,
        references,
        chart: folder,
        helm: source.helm ?? {},
        releaseName: app.metadata.name,
        namespace: app.spec.destination.namespace ?? '',
        ...facts,
        environment: buildEnvironment(app, source, revision),
      })
      return { sourceType: 'Helm', objects }
    }
    case 'Directory':
      return { sourceType: 'Directory', objects: await readDirectory(folder, source.directory) }
    case 'Kustomize':
      throw new Error('Kustomize sources cannot be rendered by the embedded Argo CD')
    default:
      throw new Error('config management plugins cannot be run by the embedded Argo CD')
  }
}

async function typeOf(source: ApplicationSource, folder: string): Promise<string> {
  const explicit = [
    ...(source.helm ? ['Helm'] : []),
    ...(source.kustomize ? ['Kustomize'] : []),
    ...(source.directory ? ['Directory'] : []),
    ...(source.plugin ? ['Plugin'] : []),
  ]
  if (explicit.length > 1) throw new Error(`multiple application sources defined: ${explicit.join(',')}`)
  if (explicit[0]) return explicit[0]
  if (await exists(join(folder, 'Chart.yaml'))) return 'Helm'
  for (const name of KUSTOMIZATIONS) if (await exists(join(folder, name))) return 'Kustomize'
  return 'Directory'
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
