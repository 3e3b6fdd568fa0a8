/** Puts the demo together for a real environment, and runs it. */
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import { brokerVersion, reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import type { Timeline } from '../load/timeline.ts'
import { APPLICATIONS } from '../release/release.ts'
import { boundsOf } from './bounds.ts'
import { contextOf, type Given } from './context.ts'
import { describeMachine } from './machine.ts'
import { Observer } from './observer.ts'
import type { DemoReport, StepReport } from './report.ts'
import { type DemoListener, runSteps, type StepStage } from './run.ts'
import type { RunningLoad } from './running-load.ts'
import { findStack, type Stack } from './stack.ts'
import type { DemoContext, DemoStep } from './step.ts'

export interface DemoOptions extends Pick<Given, 'checkout' | 'releases' | 'rotateBroker'> {
  steps: readonly DemoStep[]
  /** Queue that is filled, by its short name. */
  queue: string
  /** Factor on every bound of time. */
  tolerance: number
  signal: AbortSignal
}

export interface DemoOutcome {
  report: DemoReport
  timeline: Timeline
}

/** Throws when there is nothing to tell the story about; a step that fails is in the report. */
export async function startDemo(
  record: RunRecord,
  options: DemoOptions,
  listener: DemoListener,
): Promise<DemoOutcome> {
  const kube = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  using live = new LiveObjects(kube)
  const over = new AbortController()
  try {
    const { stack, scaledObject } = await findStack(kube, record, options.queue)
    const bounds = boundsOf(scaledObject, options.tolerance)
    const observer = new Observer(live, stack, () => reachBroker(record, kube))
    const [revision, rabbitmq] = await Promise.all([revisionOf(kube, stack), rabbitmqVersion(record, kube)])
    const about = aboutRun(record, options, observer, revision, rabbitmq)
    const recording = observer.record(over.signal)
    const told = observed(observer, listener)
    const given = { ...options, record, kube, live, stack, bounds, observer, said: told.said }
    const loads: RunningLoad[] = []
    const steps = await runSteps(options.steps, stageOf(given, options.signal, loads), told)
    await settle(loads, options.signal)
    over.abort()
    await recording
    const durationMs = Math.round(observer.now())
    const report = { ...about, durationMs, verdict: verdictOf(steps, options.signal), steps }
    return { report, timeline: observer.toTimeline() }
  } finally {
    over.abort()
    kube.close()
  }
}

function aboutRun(
  record: RunRecord,
  { tolerance }: DemoOptions,
  observer: Observer,
  revision: string,
  rabbitmq: string,
): Omit<DemoReport, 'durationMs' | 'verdict' | 'steps'> {
  const { kind, kubernetes, reason } = record.cluster
  return {
    apiVersion: 'devenv/v1',
    kind: 'DemoReport',
    name: record.name,
    startedAt: new Date(observer.startedAt).toISOString(),
    profile: record.profile,
    cluster: { kind, kubernetes, reason },
    components: record.components.map(({ name, version, implementation }) => ({
      name,
      version: name === 'RabbitMQ' ? rabbitmq : version,
      implementation,
    })),
    revision,
    machine: describeMachine(),
    tolerance,
  }
}

/** As it reports itself; '' when it cannot be asked, which the steps will find out. */
async function rabbitmqVersion(record: RunRecord, kube: KubeClient): Promise<string> {
  try {
    await using access = await reachBroker(record, kube)
    return await brokerVersion(access)
  } catch {
    return ''
  }
}

function verdictOf(steps: readonly StepReport[], signal: AbortSignal): DemoReport['verdict'] {
  if (signal.aborted) return 'interrupted'
  return steps.every(({ status }) => status === 'passed') ? 'passed' : 'failed'
}

async function revisionOf(kube: KubeClient, { application: { name, namespace } }: Stack): Promise<string> {
  const app = await kube.find(APPLICATIONS, name, { namespace })
  return String(app?.status?.sync?.revision ?? '')
}

/** What is said, and what begins and ends, is in the timeline too. */
function observed(observer: Observer, listener: DemoListener): DemoListener {
  return {
    ...listener,
    async before(step, place, of) {
      await listener.before(step, place, of)
      observer.event('demo', `${step.title}: begins`)
    },
    ended(report) {
      if (report.status !== 'skipped') observer.event('demo', `${report.title}: ${report.status}`)
      listener.ended(report)
    },
    said(text) {
      observer.event('demo', text)
      listener.said(text)
    },
  }
}

function stageOf(given: Given, signal: AbortSignal, all: RunningLoad[]): StepStage {
  const shared: DemoContext['shared'] = {}
  return {
    bounds: given.bounds,
    now: () => given.observer.now(),
    signal,
    open(ends) {
      const own: RunningLoad[] = []
      const context = contextOf(given, shared, ends, own)
      const close = () => {
        all.push(...own)
        // Another step may go on with the burst.
        for (const load of own) if (load !== shared.burst) load.cancel()
      }
      return { context, close }
    },
  }
}

/** A burst that nobody waited for ends by itself, or at once when the user wants to go. */
async function settle(loads: readonly RunningLoad[], signal: AbortSignal): Promise<void> {
  const cancel = () => {
    for (const load of loads) load.cancel()
  }
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  await Promise.allSettled(loads.map(({ outcome }) => outcome))
  signal.removeEventListener('abort', cancel)
}
