/** `devenv lint`: finds fights between controllers in rendered manifests, before they run. */
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { EXIT } from '../lib/errors.ts'
import type { Finding } from '../lint/finding.ts'
import type { Linted } from '../lint/input.ts'
import type { LintReport } from '../lint/lint.ts'
import { duration } from './flags.ts'
import { type Io, type Paint, paintFor, printResult } from './io.ts'

const EXAMPLES = `
Without flags: the stack's chart, rendered with the profile's values, and the Application that syncs it.
With --live what only the cluster has is looked at too: an HPA that somebody added by hand, for example.

Examples:
  npm run lint
  npm run lint -- --chart ../team1-deploy/production --profile team
  helm template x . | tee rendered.yaml; npm run lint -- --manifests rendered.yaml
  npm run lint -- --live
  npm run lint -- --rules                       every rule in a line
  npm run lint -- --ignore hpa-during-canary
  npm run lint -- --json | jq '.findings[] | {rule, object, source}'

Exit codes: 0 nothing, or warnings only; 1 errors; 2 usage, or a chart that does not render.`

interface Flags {
  chart?: string
  manifests?: string[]
  profile?: string
  live?: boolean
  task: number
  ignore: string[]
  rules?: boolean
}

export function register(program: Command, io: Io): void {
  program
    .command('lint')
    .description(
      'find what will go wrong in the manifests: autoscalers against git, canaries without probes, …',
    )
    .option('--chart <path>', 'a chart in place of the environment’s')
    .option('--manifests <path...>', 'YAML files, or folders of them, in place of a chart')
    .option('--profile <name>', 'whose values the chart is rendered with (default: the environment’s)')
    .option('--live', 'with the objects that the running environment has')
    .addOption(
      new Option('--task <duration>', 'the longest task of a worker')
        .argParser(duration)
        .default(45_000, '45s'),
    )
    .option('--ignore <rule>', 'leave a rule out; several with commas', (text) => text.split(','), [])
    .option('--rules', 'list the rules')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => (flags.rules ? listRules(io) : lintAll(io, flags)))
}

async function lintAll(io: Io, flags: Flags): Promise<void> {
  const { inputOf, merged } = await import('../lint/gather.ts')
  const { lint } = await import('../lint/lint.ts')
  const settings = await readSettings(io, flags.profile)
  const written = await writtenObjects(flags, settings)
  const objects = flags.live ? merged(written, await running(io)) : written
  const input = inputOf(objects, settings.environment, settings.images, flags.task / 1000)
  const report = lint(input, flags.ignore)
  printResult(io, report, () => render(report, paintFor(io, io.stdout)).join('\n'))
  if (report.errors > 0) io.exitCode = EXIT.failed
}

async function readSettings(io: Io, profileName: string | undefined) {
  const { environmentSchema, imagesSchema, profileSchema } = await import('../config/environment.ts')
  const { readYaml } = await import('../config/yaml-file.ts')
  const folder = join(io.checkout, 'devenv')
  const environment = await readYaml(join(folder, 'devenv.yaml'), environmentSchema, io.checkout)
  const [profile, images] = await Promise.all([
    readYaml(
      join(folder, 'profiles', `${profileName ?? environment.profile}.yaml`),
      profileSchema,
      io.checkout,
    ),
    readYaml(join(folder, 'images.yaml'), imagesSchema, io.checkout),
  ])
  return { environment, profile, images, chart: join(folder, environment.chart) }
}

async function writtenObjects(
  flags: Flags,
  settings: Awaited<ReturnType<typeof readSettings>>,
): Promise<Linted[]> {
  const { chartObjects, fileObjects } = await import('../lint/gather.ts')
  if (flags.manifests)
    return (await Promise.all(flags.manifests.map((path) => fileObjects(resolve(path))))).flat()
  const chart = flags.chart === undefined ? settings.chart : resolve(flags.chart)
  return chartObjects(chart, settings.environment, settings.profile)
}

async function running(io: Io): Promise<Linted[]> {
  const { requireRecord } = await import('../lib/record.ts')
  const { KubeClient } = await import('../lib/kube/client.ts')
  const { liveObjects } = await import('../lint/gather.ts')
  const { cluster, namespace } = await requireRecord(io.name, io.env)
  const client = await KubeClient.fromFile(cluster.kubeconfig, cluster.context)
  try {
    return await liveObjects(client, namespace)
  } finally {
    client.close()
  }
}

function render({ errors, warnings, objects, findings }: LintReport, paint: Paint): string[] {
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  const total = `${plural(errors, 'error')}, ${plural(warnings, 'warning')} in ${plural(objects, 'object')}`
  const style = errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green'
  return [...findings.flatMap((finding) => lines(finding, paint)), paint(style, total)]
}

function lines({ rule, level, object, source, why, mend }: Finding, paint: Paint): string[] {
  return [
    `${paint(level === 'error' ? 'red' : 'yellow', level)} ${paint('bold', object)} ${paint('dim', `(${source})`)}`,
    `  ${why} ${paint('dim', `[${rule}]`)}`,
    `  ${paint('green', 'mend:')} ${mend}`,
    '',
  ]
}

async function listRules(io: Io): Promise<void> {
  const { RULES } = await import('../lint/rules/index.ts')
  const rules = RULES.map(({ id, about }) => ({ id, about }))
  const width = Math.max(...rules.map(({ id }) => id.length))
  printResult(io, { apiVersion: 'devenv/v1', kind: 'LintRules', rules }, () =>
    rules.map(({ id, about }) => `${id.padEnd(width)}  ${about}`).join('\n'),
  )
}
