/** `devenv up`: bring the environment up, or resume it. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { parseGoDuration } from '../lib/go-duration.ts'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { alreadyUp } from '../steps/already-up.ts'
import { fingerprint } from '../steps/fingerprint.ts'
import { checkOptions, type UpOptions } from '../steps/options.ts'
import type { Plan } from '../steps/plan.ts'
import type { Timings } from '../steps/step.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'
import { upSummary } from './up-summary.ts'

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
  npm run up -- --dry-run                     say what would be done, and do nothing`

export function register(program: Command, io: Io): void {
  program
    .command('up')
    .description('bring the environment up, or resume it; running it again does no harm')
    .option('--cluster <kind>', 'auto, embedded, k3d or context:NAME', 'auto')
    .option('--profile <name>', 'fast (short polling, cooldown and pauses) or team (team1’s own numbers)')
    .option('--chart <path>', 'a chart in place of the bundled one')
    .option('--watch-chart', 'sync the chart’s folder itself, as its files are saved (embedded cluster)')
    .option('--repo <url>', 'a git repository, URL or folder, in place of the environment’s own')
    .option('--path <folder>', 'the chart’s folder in --repo')
    .option('--revision <name>', 'branch, tag or commit of --repo (default: its HEAD)')
    .option('--ttl <duration>', 'the environment removes itself after this long, e.g. 2h')
    .option('--timeout <duration>', 'give up after this long, e.g. 5m')
    .option('--dry-run', 'check everything and say what would be done')
    .option('-y, --yes', 'answer every question with yes')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => {
      const options = optionsOf(flags, io)
      progress(io, `devenv up: environment ${io.name}`)
      return bringUpOrResume(options, io, flags.dryRun)
    })
}

/** Brings the environment up as `options` say, or resumes it, and prints the result. */
export async function bringUpOrResume(options: UpOptions, io: Io, dryRun = false): Promise<void> {
  const began = Date.now()
  const print = await fingerprint(options)
  const running = dryRun ? undefined : await alreadyUp(options.name, print)
  if (running) return report(io, running, undefined, Date.now() - began)
  const { makePlan } = await import('../steps/plan.ts')
  const plan = await makePlan(options)
  progress(io, `cluster: ${plan.choice.kind} (${plan.choice.reason}); profile: ${plan.profileName}`)
  if (dryRun) return reportPlan(io, plan)
  await using _lock = await lockFolder(stateDir(options.name), `environment ${options.name}`)
  const { record, timings } = await bringUp(plan, io, print, options.timeoutMs)
  report(io, record, timings, Date.now() - began)
}

async function bringUp(plan: Plan, io: Io, print: string, timeoutMs: number | undefined) {
  const [{ bringUpSteps }, { providerFor, runUp }] = await Promise.all([
    import('../steps/bring-up.ts'),
    import('../steps/up.ts'),
  ])
  const provider = providerFor(plan)
  await provider.preflight(plan.usedImages, (what) => progress(io, `preflight: ${what}`))
  const steps = bringUpSteps(plan)
  const live = io.stderr.isTTY && !io.quiet && !io.verbose
  const tasks = live ? (await import('./step-tasks.ts')).stepTasks(steps) : undefined
  const listener = tasks?.listener ?? (await import('./step-lines.ts')).stepLines(io)
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  const signal = deadline ? AbortSignal.any([io.signal, deadline]) : io.signal
  try {
    const result = await runUp(plan, provider, { steps, listener, signal, fingerprint: print })
    await tasks?.finished(false)
    return result
  } catch (thrown) {
    await tasks?.finished(true)
    if (!deadline?.aborted || io.signal.aborted) throw thrown
    throw new DevenvError('DEADLINE', `the environment was not up within --timeout ${timeoutMs! / 1000} s`, {
      cause: thrown,
      fix: 'npm run status says what is missing; npm run up resumes',
    })
  }
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
    }),
  }
  checkOptions(options)
  return options
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

function report(io: Io, record: RunRecord, timings: Timings | undefined, tookMs: number): void {
  printResult(
    io,
    {
      apiVersion: 'devenv/v1',
      kind: 'Up',
      record,
      alreadyUp: timings === undefined,
      durationMs: tookMs,
      ...(timings ? { timings } : {}),
    },
    () => upSummary(record, tookMs, timings === undefined, paintFor(io, io.stdout)),
  )
}

function reportPlan(io: Io, plan: Plan): void {
  const { options, choice, environment, profileName, usedImages } = plan
  const images = [...new Set(usedImages.map(({ image }) => image))]
  const object = {
    apiVersion: 'devenv/v1',
    kind: 'Plan',
    name: options.name,
    cluster: choice,
    profile: profileName,
    namespace: environment.namespace,
    release: environment.release,
    images,
  }
  printResult(io, object, () =>
    [
      `would bring up ${environment.release} in namespace ${environment.namespace} on the ${choice.kind} cluster (${choice.reason})`,
      `profile ${profileName}; state in ${plan.stateDir}; images:`,
      ...images.map((image) => `  ${image}`),
      'nothing was created',
    ].join('\n'),
  )
}
