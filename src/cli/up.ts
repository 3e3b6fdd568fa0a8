/** `devenv up`: bring the environment up, or resume it. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { parseGoDuration } from '../lib/go-duration.ts'
import { checkOptions, type UpOptions } from '../steps/options.ts'
import { type Io, progress } from './io.ts'

interface Flags {
  cluster: string
  profile?: string
  chart?: string
  watchChart?: boolean
  repo?: string
  path?: string
  revision?: string
  ttl?: string
  timeout?: string
  adoptOperators?: boolean
  offline?: boolean
  images?: 'local' | 'team'
  registryPasswordStdin?: boolean
  dryRun?: boolean
  yes?: boolean
}

const EXAMPLES = `
Examples:
  npm run up                                  the best kind of cluster that this machine can have
  npm run up -- --cluster embedded            no Docker engine needed
  npm run up -- --profile team                team1's own polling, cooldown and pauses
  npm run up -- --chart ../gitops/production  a working copy of your own chart
  npm run up -- --watch-chart                 sync devenv/stack at every save, without a commit
  npm run up -- --repo https://git.example/team1/gitops.git --path production --revision main
  gh auth token | DEVENV_REGISTRY_USER=me npm run up -- --cluster k3d --images team --registry-password-stdin
  npm run up -- --dry-run                     say what would be done, and do nothing`

export function register(program: Command, io: Io): void {
  program
    .command('up')
    .description('bring the environment up, or resume it; running it again does no harm')
    .addOption(
      new Option('--cluster <kind>', 'auto, embedded, k3d or context:NAME')
        .default('auto')
        .env('DEVENV_CLUSTER'),
    )
    .option('--profile <name>', 'fast (short polling, cooldown and pauses) or team (team1’s own numbers)')
    .option('--chart <path>', 'a chart in place of the bundled one')
    .option('--watch-chart', 'sync the chart’s folder itself, as its files are saved (embedded cluster)')
    .option('--repo <url>', 'a git repository, URL or folder, in place of the environment’s own')
    .option('--path <folder>', 'the chart’s folder in --repo')
    .option('--revision <name>', 'branch, tag or commit of --repo (default: its HEAD)')
    .option('--ttl <duration>', 'the environment removes itself after this long, e.g. 2h')
    .option('--timeout <duration>', 'give up after this long, e.g. 5m')
    .option('--adopt-operators', 'use operators that the cluster has already, whatever their version')
    .option('--offline', 'ask nothing of the network: what is not here is an error')
    .addOption(
      new Option(
        '--images <whose>',
        'k3d: build the images of workloads/ here, or pull the team’s own',
      ).choices(['local', 'team']),
    )
    .option(
      '--registry-password-stdin',
      'with --images team: read the password of DEVENV_REGISTRY_USER from the standard input',
    )
    .option('--dry-run', 'check everything and say what would be done')
    .option('-y, --yes', 'answer every question with yes')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const options = await withPassword(optionsOf(flags, io), flags, io)
      // The first sign of life comes before what takes long to load.
      progress(io, `devenv up: environment ${io.name}`)
      const { bringUpOrResume } = await import('./run-up.ts')
      await bringUpOrResume(options, io, flags)
    })
}

function optionsOf(flags: Flags, io: Io): UpOptions {
  const options: UpOptions = {
    checkout: io.checkout,
    name: io.name,
    cluster: flags.cluster,
    ...given({
      profile: flags.profile,
      chart: flags.chart === undefined ? undefined : resolve(flags.chart),
      watchChart: flags.watchChart,
      repo: flags.repo,
      path: flags.path,
      revision: flags.revision,
      ttlMs: durationMs('--ttl', flags.ttl),
      timeoutMs: durationMs('--timeout', flags.timeout),
      adoptOperators: flags.adoptOperators,
      offline: flags.offline,
      images: flags.images,
    }),
  }
  checkOptions(options)
  return options
}

async function withPassword(options: UpOptions, flags: Flags, { env }: Io): Promise<UpOptions> {
  if (!flags.registryPasswordStdin) return options
  const refuse = (message: string, fix: string) => new DevenvError('USAGE', message, { fix })
  if (flags.images !== 'team')
    throw refuse('--registry-password-stdin belongs to --images team', 'Add it, or leave this out.')
  if (!env.DEVENV_REGISTRY_USER)
    throw refuse('--registry-password-stdin: whose password is it?', 'Set DEVENV_REGISTRY_USER.')
  if (process.stdin.isTTY)
    throw refuse('--registry-password-stdin: nothing is piped into it', 'gh auth token | npm run up -- …')
  const { text } = await import('node:stream/consumers')
  return { ...options, registryPassword: (await text(process.stdin)).replace(/\r?\n$/, '') }
}

/** Without what was not given. */
function given<T extends object>(values: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

function durationMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = parseGoDuration(text)
  if (ms !== undefined && ms > 0) return ms
  throw new DevenvError('USAGE', `${flag} ${text}: not a duration`, {
    fix: `Write it as in ${flag} 90s, 5m or 2h.`,
  })
}
