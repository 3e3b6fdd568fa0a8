/** `up`: plan, preflight, record, steps, timings. */
import { join } from 'node:path'
import { embeddedProvider } from '../cluster/embedded/provider.ts'
import type { Provider } from '../cluster/provider.ts'
import { systemClock } from '../lib/clock.ts'
import type { DevenvError } from '../lib/errors.ts'
import { cacheDir, writeFileAtomic } from '../lib/paths.ts'
import { type RunRecord, readRecord, writeRecord } from '../lib/record.ts'
import { embeddedComponents } from './components.ts'
import type { UpContext } from './context.ts'
import { serviceEndpoints } from './endpoints.ts'
import { explained } from './explained.ts'
import { askedFor } from './options.ts'
import { type Plan, secretsPath } from './plan.ts'
import { runSteps } from './run.ts'
import type { Step, StepListener, Timings } from './step.ts'

export interface UpResult {
  record: RunRecord
  timings: Timings
}

/** The provider of the plan's choice. */
export function providerFor(plan: Plan): Provider {
  const { options, environment, profile, secrets } = plan
  return embeddedProvider({
    name: options.name,
    checkout: options.checkout,
    stateDir: plan.stateDir,
    cacheDir: cacheDir(),
    images: { file: 'devenv/images.yaml', rules: plan.images.images },
    ports: plan.usedPorts,
    hpaSyncPeriodMs: profile.cluster.hpaSyncPeriodSeconds * 1000,
    exclusions: environment.gitops.exclusions,
    postgres: {
      user: environment.postgres.user,
      password: secrets.values[environment.postgres.passwordRef] ?? '',
      database: environment.postgres.database,
    },
    vaultMount: environment.vault.mount,
    ttlMs: options.ttlMs,
  })
}

/** The record as it is before the first resource exists. */
async function beginRecord(plan: Plan): Promise<RunRecord> {
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
      controlSocket: join(stateDir, 'ctl.sock'),
    },
    profile: profileName,
    asked: askedFor(options),
    namespace: environment.namespace,
    release: environment.release,
    argocd: environment.prerequisites.appProject.namespace,
    endpoints: {},
    components: embeddedComponents(),
    phase: 'Starting',
  }
}

/** Brings the planned environment up, or resumes it. Throws the failure of the first step that failed. */
export async function runUp(
  plan: Plan,
  provider: Provider,
  run: { steps: Step<UpContext>[]; listener: StepListener; signal: AbortSignal; fingerprint: string },
): Promise<UpResult> {
  const record = await beginRecord(plan)
  await writeFileAtomic(secretsPath(plan.stateDir), JSON.stringify(plan.secrets.values))
  await writeRecord(record)
  const context: UpContext = { plan, provider, record, save: () => writeRecord(record) }
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
    if (error) throw await failed(error, record, plan.stateDir)
    record.endpoints = { ...record.endpoints, ...(await serviceEndpoints(context.kube!, plan.environment)) }
    record.phase = 'Ready'
    record.fingerprint = run.fingerprint
    await writeRecord(record)
    return { record, timings }
  } finally {
    context.live?.[Symbol.dispose]()
    context.kube?.close()
  }
}

/** The failure as the user reads it; `status` tells it too until the next `up`. */
async function failed(error: DevenvError, record: RunRecord, stateDir: string): Promise<DevenvError> {
  record.failure = error.message
  // A full disk may be the very failure: it must not hide behind a second one.
  await writeRecord(record).catch(() => undefined)
  return explained(error, stateDir)
}
