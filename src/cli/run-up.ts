/** What `up` and `start` do: resume when there is nothing to do, else plan, steps, and the result. */
import { DevenvError } from '../lib/errors.ts'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { alreadyUp } from '../steps/already-up.ts'
import { fingerprint } from '../steps/fingerprint.ts'
import type { UpOptions } from '../steps/options.ts'
import type { Plan } from '../steps/plan.ts'
import type { Timings } from '../steps/step.ts'
import { confirm } from './confirm.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'
import { upSummary } from './up-summary.ts'

/** Brings the environment up as `options` say, or resumes it, and prints the result. */
export async function bringUpOrResume(
  options: UpOptions,
  io: Io,
  { dryRun = false, yes = false }: { dryRun?: boolean; yes?: boolean } = {},
): Promise<void> {
  const began = Date.now()
  const print = await fingerprint(options)
  const running = dryRun || options.ttlMs !== undefined ? undefined : await alreadyUp(options.name, print)
  if (running) return report(io, running, undefined, Date.now() - began)
  const { makePlan } = await import('../steps/plan.ts')
  const plan = await makePlan(options)
  progress(io, `cluster: ${plan.choice.kind} (${plan.choice.reason}); profile: ${plan.profileName}`)
  if (dryRun) return reportPlan(io, plan)
  await using _lock = await lockFolder(stateDir(options.name), `environment ${options.name}`)
  const { record, timings } = await bringUp(plan, io, print, yes)
  report(io, record, timings, Date.now() - began)
}

/** Starts a stopped environment as part of another command, whose result it leaves to it. */
export async function resume(options: UpOptions, io: Io): Promise<void> {
  const print = await fingerprint(options)
  const { makePlan } = await import('../steps/plan.ts')
  const plan = await makePlan(options)
  await using _lock = await lockFolder(stateDir(options.name), `environment ${options.name}`)
  await bringUp(plan, io, print, false)
}

async function bringUp(plan: Plan, io: Io, print: string, yes: boolean) {
  const [{ bringUpSteps }, { preflight }, { providerFor }, { runUp }] = await Promise.all([
    import('../steps/bring-up.ts'),
    import('../steps/preflight.ts'),
    import('../steps/provider.ts'),
    import('../steps/up.ts'),
  ])
  const { timeoutMs } = plan.options
  const tell = (what: string) => progress(io, `preflight: ${what}`)
  const provider = providerFor(plan, tell, io.signal)
  const prepared = await preflight(plan, provider, {
    progress: tell,
    confirm: (question) => confirm(io, question, yes),
    signal: io.signal,
  })
  const steps = bringUpSteps(plan, prepared)
  const live = io.stderr.isTTY && !io.quiet && !io.verbose
  const tasks = live ? (await import('./step-tasks.ts')).stepTasks(steps) : undefined
  const listener = tasks?.listener ?? (await import('./step-lines.ts')).stepLines(io)
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  const signal = deadline ? AbortSignal.any([io.signal, deadline]) : io.signal
  try {
    const result = await runUp(plan, provider, prepared, { steps, listener, signal, fingerprint: print })
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
