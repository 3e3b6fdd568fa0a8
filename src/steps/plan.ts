/** The plan of an `up`: everything that can be decided, read and checked before anything is created. */
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Choice, detectCluster } from '../cluster/detect.ts'
import type { BuildRule } from '../cluster/k3d/builds.ts'
import type { UsedImage } from '../cluster/provider.ts'
import type { Manifest } from '../components/chart/apply.ts'
import { imagesOf } from '../components/chart/images.ts'
import { portsOf, type UsedPort } from '../components/chart/ports.ts'
import { renderManifests } from '../components/chart/render.ts'
import { generateSecrets, type SeededSecrets } from '../components/vault/generate.ts'
import {
  buildsSchema,
  type Environment,
  environmentSchema,
  type Images,
  imagesSchema,
  type Profile,
  profileSchema,
} from '../config/environment.ts'
import { type OperatorsLock, operatorsSchema } from '../config/operators.ts'
import { vaultSeedSchema } from '../config/seeds.ts'
import { readYaml } from '../config/yaml-file.ts'
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import { readRecord } from '../lib/record.ts'
import type { UpOptions } from './options.ts'
import { type StackSource, stackSource, withChart } from './source.ts'

export interface Plan {
  options: UpOptions
  stateDir: string
  choice: Choice
  environment: Environment
  profileName: string
  profile: Profile
  images: Images
  /** What a cluster without operators of its own gets; undefined where it brings them. */
  lock: OperatorsLock | undefined
  /** How images of workloads/ are built, where pods are containers. */
  builds: BuildRule[]
  usedImages: UsedImage[]
  usedPorts: UsedPort[]
  secrets: SeededSecrets
  /** Where the stack's chart comes from. */
  source: StackSource
  /** Values over the chart's own, given where Postgres listens. */
  values(postgres: { host: string; port: number }): Record<string, unknown>
  extras: { release: string; namespace: string; manifests: Manifest[] }[]
}

/** Reads and checks everything; throws what is wrong before anything is created. */
export async function makePlan(options: UpOptions): Promise<Plan> {
  const choice = await detectCluster(options.cluster, {
    name: options.name,
    earlier: await readRecord(options.name),
    env: process.env,
  })
  if (options.images === 'team' && choice.kind === 'embedded')
    throw new DevenvError(
      'USAGE',
      '--images team: the embedded cluster runs pods as local programs and pulls no images',
      { fix: 'Add --cluster k3d or --cluster context:NAME, or leave --images out.' },
    )
  const folder = join(options.checkout, 'devenv')
  const environment = await readYaml(join(folder, 'devenv.yaml'), environmentSchema, options.checkout)
  const profileName = options.profile ?? environment.profile
  await checkProfile(join(folder, 'profiles'), profileName)
  const [profile, images, seed] = await Promise.all([
    readYaml(join(folder, 'profiles', `${profileName}.yaml`), profileSchema, options.checkout),
    readYaml(join(folder, 'images.yaml'), imagesSchema, options.checkout),
    readYaml(join(options.checkout, environment.vault.seed), vaultSeedSchema, options.checkout),
  ])
  const lock = choice.kind === 'embedded' ? undefined : await readLock(folder, options.checkout)
  const { builds } = await readYaml(join(folder, 'builds.yaml'), buildsSchema, options.checkout)
  const directory = stateDir(options.name)
  const secrets = generateSecrets(seed, await knownValues(directory))
  const source = await stackSource(options, join(folder, environment.chart))
  const values = (postgres: { host: string; port: number }) => ({
    ...profile.values,
    postgres: { ...(profile.values.postgres as object | undefined), external: postgres },
  })
  const extras = await Promise.all(
    environment.extraCharts.map(async ({ release, namespace, chart: path }) => ({
      release,
      namespace,
      manifests: await renderManifests(join(folder, path), { release, namespace, values: [] }),
    })),
  )
  // Rendered once with a placeholder address: a chart that does not render must fail here, not halfway.
  const { namespace, release } = environment
  const stack = await withChart(source, (chart) =>
    renderManifests(chart, { release, namespace, values: [values({ host: '127.0.0.1', port: 5432 })] }),
  )
  const manifests = [...stack, ...extras.flatMap((extra) => extra.manifests)]
  return {
    options,
    stateDir: directory,
    choice,
    environment,
    profileName,
    profile,
    images,
    lock,
    builds,
    usedImages: imagesOf(manifests),
    usedPorts: portsOf(manifests),
    secrets,
    source,
    values,
    extras,
  }
}

/** DEVENV_LOCK names a lock file of the same form for those who build or mirror the products themselves. */
function readLock(folder: string, checkout: string): Promise<OperatorsLock> {
  const path = process.env.DEVENV_LOCK
  return readYaml(path ? resolve(path) : join(folder, 'operators.lock.yaml'), operatorsSchema, checkout)
}

/** Where a run keeps its generated values: private to the user. */
export function secretsPath(directory: string): string {
  return join(directory, 'secrets.json')
}

async function knownValues(directory: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(secretsPath(directory), 'utf8')) as Record<string, string>
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new DevenvError('STATE_UNWRITABLE', `cannot read ${secretsPath(directory)}`, {
      cause: thrown,
      fix: 'npm run down, then npm run up',
    })
  }
}

async function checkProfile(folder: string, name: string): Promise<void> {
  const profiles = (await readdir(folder)).flatMap((file) =>
    file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [],
  )
  if (profiles.includes(name)) return
  throw new DevenvError('USAGE', `--profile ${name}: there are ${profiles.sort().join(' and ')}`)
}
