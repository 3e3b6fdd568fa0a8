/** What `up` and `start` do: resume when there is nothing to do, else plan, steps, and the result. */
import { endPage } from '../dashboard/resident.ts'
import { DevenvError } from '../lib/errors.ts'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import { type RunRecord, writeRecord } from '../lib/record.ts'
import { alreadyUp } from '../steps/already-up.ts'
import { fingerprint } from '../steps/fingerprint.ts'
import { settled, type UpOptions } from '../steps/options.ts'
import type { Plan } from '../steps/plan.ts'
import type { Timings } from '../steps/step.ts'
import { confirm } from './confirm.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'
import { type PageMessage, residentPage } from './resident-page.ts'
import { upSummary } from './up-summary.ts'

/** Brings the environment up as the options say, or resumes it, and prints the result. */
export async function bringUpOrResume(
  given: UpOptions,
  io: Io,
  { dryRun = false, yes = false }: { dryRun?: boolean; yes?: boolean } = {},
): Promise<void> {
  const began = Date.now()
  const options = await settled(given)
  const print = await fingerprint(options)
  // A login may have changed since.
  const again = dryRun || options.ttlMs !== undefined || options.images === 'team'
  const running = again ? undefined : await alreadyUp(options.name, print)
  if (running) {
    const page = await pageOf(io, running, residentPage(options.name, io))
    return report(io, running, page, undefined, Date.now() - began)
  }
  const { makePlan } = await import('../steps/plan.ts')
  const plan = await makePlan(options)
  progress(io, `cluster: ${plan.choice.kind} (${plan.choice.reason}); profile: ${plan.profileName}`)
  if (dryRun) return reportPlan(io, plan)
  await using _lock = await lockFolder(stateDir(options.name), `environment ${options.name}`)
  const { record, timings, page } = await bringUp(plan, io, print, yes)
  report(io, record, page, timings, Date.now() - began)
}

/** Starts a stopped environment as part of another command, whose result it leaves to it. */
export async function resume(options: UpOptions, io: Io, yes = false): Promise<void> {
  const print = await fingerprint(options)
  const { makePlan } = await import('../steps/plan.ts')
  const plan = await makePlan(options)
  await using _lock = await lockFolder(stateDir(options.name), `environment ${options.name}`)
  await bringUp(plan, io, print, yes)
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
  // Beside the steps, and a new one: it may come from an earlier state of this checkout.
  const served = endPage(plan.stateDir).then(() => residentPage(plan.options.name, io))
  try {
    const result = await runUp(plan, provider, prepared, { steps, listener, signal, fingerprint: print })
    await tasks?.finished(false)
    return { ...result, page: await pageOf(io, result.record, served) }
  } catch (thrown) {
    await tasks?.finished(true)
    if (!deadline?.aborted || io.signal.aborted) throw thrown
    throw new DevenvError('DEADLINE', `the environment was not up within --timeout ${timeoutMs! / 1000} s`, {
      cause: thrown,
      fix: 'npm run status says what is missing; npm run up resumes',
    })
  }
}

/** The page's address with its token. The record gets it without: `status` may be shown to anybody. */
async function pageOf(io: Io, record: RunRecord, served: Promise<PageMessage>): Promise<string | undefined> {
  const page = await served
  if ('failure' in page) {
    progress(io, `no dashboard: ${page.failure}`)
    return undefined
  }
  const { origin } = new URL(page.url)
  if (record.endpoints.dashboard !== origin) {
    record.endpoints.dashboard = origin
    await writeRecord(record)
  }
  return page.url
}

function report(
  io: Io,
  record: RunRecord,
  page: string | undefined,
  timings: Timings | undefined,
  tookMs: number,
): void {
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
    () => upSummary(record, page, tookMs, timings === undefined, paintFor(io, io.stdout)),
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
