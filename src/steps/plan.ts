/** The plan of an `up`: everything that can be decided, read and checked before anything is created. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Choice, detectCluster } from '../cluster/detect.ts'
import type { UsedImage } from '../cluster/provider.ts'
import type { Manifest } from '../components/chart/apply.ts'
import { imagesOf } from '../components/chart/images.ts'
import { renderManifests } from '../components/chart/render.ts'
import { generateSecrets, type SeededSecrets } from '../components/vault/generate.ts'
import {
  type Environment,
  environmentSchema,
  type Images,
  imagesSchema,
  type Profile,
  profileSchema,
} from '../config/environment.ts'
import { vaultSeedSchema } from '../config/seeds.ts'
import { readYaml } from '../config/yaml-file.ts'
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'

export interface UpOptions {
  checkout: string
  name: string
  /** `auto`, `embedded`, `k3d`, `context:NAME`. */
  cluster: string
  /** undefined: the environment's own default. */
  profile: string | undefined
  /** A chart in place of the bundled one. */
  chart: string | undefined
  ttlMs: number | undefined
  /** Budget of the whole bring-up, in ms; undefined leaves each step its own. */
  timeoutMs: number | undefined
}

export interface Plan {
  options: UpOptions
  stateDir: string
  choice: Choice
  environment: Environment
  profileName: string
  profile: Profile
  images: Images
  usedImages: UsedImage[]
  secrets: SeededSecrets
  /** The stack's manifests, given where Postgres will listen. */
  renderStack(postgres: { host: string; port: number }): Promise<Manifest[]>
  extras: { release: string; namespace: string; manifests: Manifest[] }[]
}

/** Reads and checks everything; throws what is wrong before anything is created. */
export async function makePlan(options: UpOptions): Promise<Plan> {
  const choice = await detectCluster(options.cluster)
  const folder = join(options.checkout, 'devenv')
  const environment = await readYaml(join(folder, 'devenv.yaml'), environmentSchema, options.checkout)
  const profileName = options.profile ?? environment.profile
  await checkProfile(join(folder, 'profiles'), profileName)
  const [profile, images, seed] = await Promise.all([
    readYaml(join(folder, 'profiles', `${profileName}.yaml`), profileSchema, options.checkout),
    readYaml(join(folder, 'images.yaml'), imagesSchema, options.checkout),
    readYaml(join(options.checkout, environment.vault.seed), vaultSeedSchema, options.checkout),
  ])
  const directory = stateDir(options.name)
  const secrets = generateSecrets(seed, await knownValues(directory))
  const chart = options.chart ?? join(folder, environment.chart)
  const renderStack = (postgres: { host: string; port: number }) =>
    renderManifests(chart, {
      release: environment.release,
      namespace: environment.namespace,
      values: [profile.values, { postgres: { external: postgres } }],
    })
  const extras = await Promise.all(
    environment.extraCharts.map(async ({ release, namespace, chart: path }) => ({
      release,
      namespace,
      manifests: await renderManifests(join(folder, path), { release, namespace, values: [] }),
    })),
  )
  // Rendered once with a placeholder address: a chart that does not render must fail here, not halfway.
  const stack = await renderStack({ host: '127.0.0.1', port: 5432 })
  const usedImages = imagesOf([...stack, ...extras.flatMap((extra) => extra.manifests)])
  return {
    options,
    stateDir: directory,
    choice,
    environment,
    profileName,
    profile,
    images,
    usedImages,
    secrets,
    renderStack,
    extras,
  }
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
