/** The wiring half of an operation's life: each call takes a running sync one step further and writes its state. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { Manifest } from '../../objects.ts'
import { clone } from '../../store/json.ts'
import { recordEvent } from '../runtime/events.ts'
import { blockers } from './conditions.ts'
import { APPLICATIONS, COMPONENT, FIELD_MANAGER } from './names.ts'
import { type Observation, type ObserveTools, observe } from './observe.ts'
import { ended, isInProgress, retried, retryAt, withHistory } from './operation-state.ts'
import { patchFrom } from './patch-from.ts'
import { projectOf } from './project.ts'
import { revisionsOf, type Sources, sourceState, sourcesOf, wantedRevisions } from './sources.ts'
import { buildTasks } from './sync/build-tasks.ts'
import { checkTasks, deleteHook, type RunTools, releaseHook, runWave, unconfirmed } from './sync/run-tasks.ts'
import { failure, hooksToDelete, nextStep, type Step, waitingFor } from './sync/step.ts'
import { isCompleted, isPending, isRunning, keyOfRow, record, type SyncTask } from './sync/task.ts'
import { windowRefusal } from './sync-windows.ts'
import type { Application, OperationState, ResourceResult, SyncResult } from './types.ts'

export interface OperationTools extends ObserveTools {
  /** Pause after every wave but the last, in ms. */
  waveDelayMs: number
  /** When the next wave may begin, by the operation's start: kept between calls. */
  pauses: Map<string, number>
}

export interface Advanced {
  /** Look again, in ms, without an event. */
  againMs?: number
  /** Set when the operation has ended. */
  ended?: { automated: boolean }
}

type Outcome = { state: OperationState; againMs?: number }

/** Takes `app.operation` one step further. */
export async function advanceOperation(app: Application, tools: OperationTools): Promise<Advanced> {
  const { nowMs } = tools
  const current = app.status?.operationState
  let state: OperationState = isInProgress(current)
    ? clone(current)
    : { operation: app.operation!, phase: 'Running', startedAt: rfc3339(nowMs) }
  const due = retryAt(state)
  if (due !== undefined && state.phase === 'Running') {
    if (nowMs < due) return { againMs: due - nowMs }
    state = retried(state)
  }
  const outcome = await advance(app, state, tools)
  write(app, outcome.state, tools)
  if (isInProgress(outcome.state)) {
    const next = retryAt(outcome.state)
    const againMs = next === undefined ? outcome.againMs : next - nowMs
    return againMs === undefined ? {} : { againMs }
  }
  tools.pauses.delete(app.metadata.uid)
  return { ended: { automated: state.operation.initiatedBy?.automated === true } }
}

async function advance(app: Application, state: OperationState, tools: OperationTools): Promise<Outcome> {
  const { nowMs } = tools
  const { sync } = state.operation
  const end = (phase: OperationState['phase'], message: string): Outcome => ({
    state: ended(state, phase, message, nowMs),
  })
  if (!sync) return end('Error', 'Invalid operation request: no operation specified')
  const result = state.syncResult
  const sources = whatToSync(app, state)
  const known = revisionsOf(result ?? {})
  const asked = known.length > 0 ? known : revisionsOf(sync)
  const wanted = asked.length > 0 ? asked : wantedRevisions(sources)
  const syncOptions = sync.syncOptions ?? []
  const started = result?.resources !== undefined
  state.syncResult = {
    ...sourceState(sources, known.length > 0 ? known : revisionsOf(sync)),
    ...keptOf(result),
  }
  const shut = state.phase === 'Terminating' ? undefined : windowOf(app, state, tools)
  if (shut !== undefined) {
    const message = `Sync operation blocked by sync window${shut && `: ${shut}`}`
    return { state: { ...state, message } }
  }
  const observation = await observe({ app, sources, revisions: wanted, fresh: !started, syncOptions }, tools)
  const blocked = blockers(observation.conditions)
  if (blocked) return end('Error', blocked)
  const shared = observation.conditions.filter(({ type }) => type === 'SharedResourceWarning')
  if (shared.length > 0 && syncOptions.includes('FailOnSharedResource=true')) {
    return end('Failed', `Shared resource found: ${shared.map(({ message }) => message).join(', ')}`)
  }
  const tasks = tasksOf(app, state, observation, tools)
  const run: RunTools = {
    ...tools,
    app,
    project: projectOf(tools.client, app)!,
    operation: state.operation,
    startedAt: state.startedAt,
  }
  const before = result?.resources ?? []
  const outcome =
    state.phase === 'Terminating'
      ? terminate(tasks, end, tools)
      : await step(app, state, tasks, !started, run, tools, end)
  const managed = app.spec.syncPolicy?.managedNamespaceMetadata
  const syncResult: SyncResult = {
    ...sourceState(sources, observation.revisions),
    resources: allRows(before, tasks),
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
  }
  return { ...outcome, state: { ...outcome.state, syncResult } }
}

/** What the operation began with, else what it names, else what the spec says now. */
function whatToSync({ spec }: Application, { syncResult, operation }: OperationState): Sources {
  const candidates = [syncResult, operation.sync, spec].filter((one) => one !== undefined)
  return candidates.map(sourcesOf).find(({ list }) => list.length > 0) ?? sourcesOf(spec)
}

function keptOf(result: SyncResult | undefined): Pick<SyncResult, 'resources'> {
  return result?.resources ? { resources: result.resources } : {}
}

/** Why a sync window does not let the operation go on; undefined when it may. */
function windowOf(app: Application, { operation, startedAt }: OperationState, tools: OperationTools) {
  const windows = projectOf(tools.client, app)?.spec.syncWindows
  const manual = operation.initiatedBy?.automated !== true
  return windowRefusal({ app, windows, manual, nowMs: tools.nowMs, startedAtMs: Date.parse(startedAt) })
}

/** Rows of earlier steps stay, also of objects that are gone by now. */
function allRows(before: ResourceResult[], tasks: SyncTask[]): ResourceResult[] {
  const rows = new Map(before.map((row) => [keyOfRow(row), row]))
  for (const { result } of tasks) if (result) rows.set(keyOfRow(result), result)
  return [...rows.values()]
}

function tasksOf(
  app: Application,
  state: OperationState,
  { pairs, hooks, revisions }: Observation,
  tools: OperationTools,
): SyncTask[] {
  const { syncPolicy, destination } = app.spec
  const managed = syncPolicy?.managedNamespaceMetadata
  return buildTasks({
    pairs,
    hooks: hooks as Manifest[],
    operation: state.operation,
    revision: revisions[0] ?? '',
    startedAt: state.startedAt,
    results: state.syncResult?.resources ?? [],
    client: tools.client,
    namespace: destination.namespace ?? '',
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
  })
}

function terminate(
  tasks: SyncTask[],
  end: (phase: OperationState['phase'], message: string) => Outcome,
  tools: OperationTools,
): Outcome {
  for (const task of tasks) {
    if (!task.hook || !isRunning(task)) continue
    deleteHook(task, tools.client)
    record(task, { hookPhase: 'Failed', message: 'Terminated' })
  }
  return end('Failed', 'Operation terminated')
}

async function step(
  app: Application,
  state: OperationState,
  tasks: SyncTask[],
  first: boolean,
  run: RunTools,
  tools: OperationTools,
  end: (phase: OperationState['phase'], message: string) => Outcome,
): Promise<Outcome> {
  const { client, nowMs, waveDelayMs, pauses } = tools
  const syncOptions = state.operation.sync?.syncOptions ?? []
  const running = (message: string, againMs?: number): Outcome => ({
    state: { ...state, phase: 'Running', message },
    ...(againMs === undefined ? {} : { againMs }),
  })
  if (first) {
    const refused = checkTasks(tasks, run)
    if (refused) return end('Failed', refused)
  }
  let next: Step = nextStep(tasks, { outOfSyncOnly: syncOptions.includes('ApplyOutOfSyncOnly=true') })
  for (const task of tasks) if (task.hook && isCompleted(task)) releaseHook(task, client)
  const pausedUntil = pauses.get(app.metadata.uid) ?? 0
  if (next.do === 'run' && nowMs < pausedUntil)
    return running(state.message ?? waitingFor(next.tasks), pausedUntil - nowMs)
  if (next.do === 'wait') return running(next.message)
  if (next.do === 'run') {
    const { tasks: wave, remaining, finalWave } = next
    const result = await runWave(wave, run)
    if (result === 'deleting')
      return running(
        waitingFor(
          wave.filter(({ live }) => live),
          'deletion of',
        ),
        1000,
      )
    if (result === 'unconfirmed')
      return running(waitingFor(unconfirmed(wave, run), 'pruning confirmation of'))
    if (result === 'done' && remaining.length > 0) {
      if (!finalWave) pauses.set(app.metadata.uid, nowMs + waveDelayMs)
      return running(waitingFor(remaining), finalWave ? 1 : Math.max(1, waveDelayMs))
    }
    if (result === 'done') {
      const all = state.operation.sync?.dryRun ? 'no more tasks' : 'all tasks run'
      next = { do: 'finish', phase: 'Succeeded', message: `successfully synced (${all})` }
    } else {
      const begun = await runFailHooks(wave, tasks, run)
      // What was applied beside it is looked at before the operation has failed.
      if (begun.length > 0) return running(waitingFor(begun), 1)
      next = failure(tasks, 'one or more objects failed to apply')
    }
  }
  if (next.do === 'runFailHooks') {
    if ((await runWave(next.tasks, run)) !== 'failed') return running(next.message, 1)
    next = failure(tasks, next.message)
  }
  if (next.do !== 'finish') return running(state.message ?? '')
  const policy = next.phase === 'Succeeded' ? 'HookSucceeded' : 'HookFailed'
  for (const task of hooksToDelete(tasks, policy)) deleteHook(task, client)
  return end(next.phase, next.message)
}

/** After a failed apply, while others of the wave are under way: what is now waited for. */
async function runFailHooks(wave: SyncTask[], tasks: SyncTask[], run: RunTools): Promise<SyncTask[]> {
  const running = wave.filter(isRunning)
  if (running.length === 0) return []
  const failHooks = tasks.filter((task) => task.phase === 'SyncFail' && isPending(task))
  if (failHooks.length > 0) await runWave(failHooks, run)
  return [...running, ...failHooks]
}

/** One patch for the state; at the end also the history and the removal of the operation. */
function write(found: Application, state: OperationState, { client, nowMs }: OperationTools): void {
  const { namespace, name } = found.metadata
  const app = client.get(APPLICATIONS, namespace, name) as Application | undefined
  if (!app) return
  const done = !isInProgress(state)
  const history = done ? withHistory(app, state) : undefined
  const status = {
    ...app.status,
    operationState: state,
    ...(history ? { history } : {}),
  }
  const patch = patchFrom(app.status ?? {}, status)
  if (patch === undefined && !done) return
  client.patch(
    APPLICATIONS,
    namespace,
    name,
    { ...(patch === undefined ? {} : { status: patch }), ...(done ? { operation: null } : {}) },
    { type: 'merge', fieldManager: FIELD_MANAGER },
  )
  if (done) announce(app, state, client, nowMs)
}

function announce(
  app: Application,
  state: OperationState,
  client: OperationTools['client'],
  nowMs: number,
): void {
  const what = state.operation.sync?.resources?.length ? 'Partial sync operation' : 'Sync operation'
  const to = state.syncResult ? ` to ${state.syncResult.revision ?? ''}` : ''
  const event = { regarding: app, reason: 'OperationCompleted', component: COMPONENT }
  if (state.phase === 'Succeeded') {
    recordEvent(client, nowMs, { ...event, type: 'Normal', message: `${what}${to} succeeded` })
  } else {
    const message = `${what}${to} failed: ${state.message}`
    recordEvent(client, nowMs, { ...event, type: 'Warning', message })
  }
}
