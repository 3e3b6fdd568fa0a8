/** Where the linted objects come from: a chart, YAML files, the cluster. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Manifest } from '../components/chart/apply.ts'
import { renderManifests } from '../components/chart/render.ts'
import { gitopsManifests } from '../components/gitops/manifests.ts'
import type { Environment, Images, Profile } from '../config/environment.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Linted, LintInput } from './input.ts'

/** The rendered stack with the profile's values, and the Application that devenv would sync it with. */
export async function chartObjects(
  chart: string,
  environment: Environment,
  profile: Profile,
): Promise<Linted[]> {
  const { namespace, release, gitops, prerequisites } = environment
  // Where Postgres listens is known once it runs; no rule looks at it.
  const postgres = {
    ...(profile.values.postgres as object | undefined),
    external: { host: '127.0.0.1', port: 5432 },
  }
  const values = { ...profile.values, postgres }
  const stack = await renderManifests(chart, { release, namespace, values: [values] })
  const around = gitopsManifests({
    environment: 'lint',
    argocd: prerequisites.appProject.namespace,
    project: prerequisites.appProject.name,
    application: release,
    namespace,
    source: { repoURL: 'devenv', path: gitops.path, targetRevision: gitops.branch },
    values: {},
    syncOptions: gitops.syncOptions,
    ignoreDifferences: gitops.ignoreDifferences,
  })
  return [
    ...stack,
    ...around.filter(({ object }) => object.kind === 'Application').map(named('devenv/devenv.yaml')),
  ]
}

function named(source: string): (manifest: Manifest) => Linted {
  return ({ object }) => ({ source, object })
}

/** Every object of YAML files, or of all such files in a folder. CONFIG_INVALID with file and line when one is no YAML. */
export async function fileObjects(path: string): Promise<Linted[]> {
  const files = await yamlFiles(path)
  const objects = await Promise.all(files.map(documentsOf))
  return objects.flat()
}

async function yamlFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path, { recursive: true })
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(path, name))
  } catch (thrown) {
    throw new DevenvError('USAGE', `--manifests ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

async function documentsOf(file: string): Promise<Linted[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'))
  const source = relative(process.cwd(), file)
  return [...documents].flatMap((document) => {
    const [error] = document.errors
    if (error) {
      throw new DevenvError('CONFIG_INVALID', `${source}: ${error.message}`, {
        fix: 'Templates of a chart are no YAML: give their chart with --chart.',
      })
    }
    const object = document.toJS() as KubeObject | null
    const items = object?.kind?.endsWith('List')
      ? ((object.items ?? []) as KubeObject[])
      : object
        ? [object]
        : []
    // `helm template` writes before each document which template it is from.
    const comment = document.contents?.commentBefore ?? ''
    const template = /Source: (\S+)/.exec(comment)?.[1]
    return items
      .filter((one) => one.kind && one.metadata?.name)
      .map((one) => ({ source: template ?? source, object: one }))
  })
}

const LIVE = [
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'argoproj.io/v1alpha1/rollouts',
  'keda.sh/v1alpha1/scaledobjects',
  'keda.sh/v1alpha1/triggerauthentications',
  'autoscaling/v2/horizontalpodautoscalers',
  'external-secrets.io/v1/externalsecrets',
  'external-secrets.io/v1/secretstores',
  'policy/v1/poddisruptionbudgets',
  'v1/services',
  'v1/secrets',
  'v1/configmaps',
]

/** What the namespace really holds. What a controller made of another object is that object's: KEDA's HPAs are left out. */
export async function liveObjects(client: KubeClient, namespace: string): Promise<Linted[]> {
  const lists = await Promise.all([
    ...LIVE.map((resource) => client.listIfServed(resource, { namespace })),
    client.listIfServed('keda.sh/v1alpha1/clustertriggerauthentications'),
    client.listIfServed('external-secrets.io/v1/clustersecretstores'),
    client.listIfServed('argoproj.io/v1alpha1/applications'),
  ])
  return lists
    .flat()
    .filter(
      ({ kind, metadata }) =>
        kind === 'Secret' || !metadata.ownerReferences?.some(({ controller }) => controller),
    )
    .map((object) => ({ source: 'cluster', object: withoutValues(object), live: true }))
}

/** Rules ask for a Secret's name only. */
function withoutValues(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = object
  return kind === 'Secret' ? { apiVersion, kind, metadata } : object
}

/** Manifests before the cluster's: an object that both have is taken as it is written. */
export function merged(written: Linted[], live: Linted[]): Linted[] {
  const key = ({ object }: Linted) => `${object.kind}/${object.metadata.name}`
  const known = new Set(written.map(key))
  return [...written, ...live.filter((one) => !known.has(key(one)))]
}

/** What the rules may take for given in this environment. */
export function inputOf(
  objects: Linted[],
  environment: Environment,
  images: Images,
  taskSeconds: number,
): LintInput {
  const { secretStore, pullSecret } = environment.prerequisites
  const patterns = images.images.map(({ match }) => match)
  return {
    objects,
    given: { secretStores: [secretStore.name], secrets: [secretStore.tokenSecret, pullSecret] },
    taskSeconds,
    isLocalImage: (image) => patterns.some((pattern) => glob(pattern, image)),
  }
}

/** `*` stands for any run of characters. */
function glob(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(text)
}
