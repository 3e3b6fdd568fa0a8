/** `up`: plan, preflight, record, steps, timings. */
import { join } from 'node:path'
import type { Provider } from '../cluster/provider.ts'
import { withPressure } from '../components/ready/pressure.ts'
import { systemClock } from '../lib/clock.ts'
import type { DevenvError } from '../lib/errors.ts'
import { writeFileAtomic } from '../lib/paths.ts'
import { type RunRecord, readRecord, writeRecord } from '../lib/record.ts'
import { componentsOf } from './components.ts'
import type { UpContext } from './context.ts'
import { examined } from './examined.ts'
import { explained } from './explained.ts'
import { askedFor } from './options.ts'
import { type Plan, secretsPath } from './plan.ts'
import type { Prepared } from './preflight.ts'
import { runSteps } from './run.ts'
import type { Step, StepListener, Timings } from './step.ts'

export interface UpResult {
  record: RunRecord
  timings: Timings
}

/** The record as it is before the first resource exists. */
async function beginRecord(plan: Plan, prepared: Prepared): Promise<RunRecord> {
  const { options, choice, environment, profileName, stateDir } = plan
  const earlier = await readRecord(options.name)
  return {
    apiVersion: 'devenv/v1',
    kind: 'Run',
    name: options.name,
    createdAt: earlier?.createdAt ?? new Date().toISOString(),
    checkout: options.checkout,
    cluster: {
      kind: choice.kind,
      reason: choice.reason,
      kubernetes: '',
      kubeconfig: join(stateDir, 'kubeconfig'),
      ...(choice.kind === 'embedded' ? { controlSocket: join(stateDir, 'ctl.sock') } : {}),
    },
    profile: profileName,
    asked: askedFor(options),
    namespace: environment.namespace,
    release: environment.release,
    argocd: environment.prerequisites.appProject.namespace,
    endpoints: {},
    components: componentsOf(plan, prepared),
    phase: 'Starting',
  }
}

/** Brings the planned environment up, or resumes it. Throws the failure of the first step that failed. */
export async function runUp(
  plan: Plan,
  provider: Provider,
  prepared: Prepared,
  run: { steps: Step<UpContext>[]; listener: StepListener; signal: AbortSignal; fingerprint: string },
): Promise<UpResult> {
  const record = await beginRecord(plan, prepared)
  await writeFileAtomic(secretsPath(plan.stateDir), JSON.stringify(plan.secrets.values))
  await writeRecord(record)
  const context: UpContext = {
    plan,
    provider,
    record,
    restarted: new Set(),
    save: () => writeRecord(record),
  }
  const { timings, error } = await runSteps(run.steps, context, {
    clock: systemClock,
    signal: run.signal,
    listener: run.listener,
  })
  await writeFileAtomic(
    join(plan.stateDir, 'timings.json'),
    `${JSON.stringify({ apiVersion: 'devenv/v1', kind: 'Timings', ...timings }, null, 2)}\n`,
  )
  try {
    if (error) throw await failed(await blamed(error, context), context)
    record.phase = 'Ready'
    record.fingerprint = run.fingerprint
    await writeRecord(record)
    return { record, timings }
  } finally {
    context.live?.[Symbol.dispose]()
    context.kube?.close()
    await context.cluster?.close()
  }
}

/** What is behind a failure: first what the provider knows, as an engine that stopped, then the nodes. */
async function blamed(error: DevenvError, context: UpContext): Promise<DevenvError> {
  const found = (await context.provider.blame?.(error)) ?? error
  return found === error ? underPressure(error, context) : found
}

/** Pods that find no node, or are evicted, tell little: the node's own condition is asked, where there is one. */
async function underPressure(error: DevenvError, { kube }: UpContext): Promise<DevenvError> {
  const nodes = await kube?.listIfServed('v1/nodes').catch(() => [])
  return withPressure(error, nodes ?? [])
}

/** The failure as the user reads it; `status` tells its first line too, until it is mended. */
async function failed(
  error: DevenvError,
  { record, plan: { stateDir }, kube }: UpContext,
): Promise<DevenvError> {
  record.failure = error.message.split('\n')[0] ?? ''
  record.failureMayPass =
    error.about !== undefined || error.code === 'DEADLINE' || error.code === 'INTERRUPTED'
  // A full disk may be the very failure: it must not hide behind a second one.
  await writeRecord(record).catch(() => undefined)
  return explained(kube ? await examined(error, record, kube) : error, stateDir)
}
