/** One request from HTTP to its row: publish, wait for the worker, store, answer. */
import type { IncomingMessage } from 'node:http'
import { HttpError, readJsonObject } from '../shared/http-server.ts'
import type { Log } from '../shared/log.ts'
import { reasonOf } from '../shared/log.ts'
import type { Result, Results } from './results.ts'
import type { Reply, Rpc } from './rpc.ts'
import { BrokerUnavailable, ReplyTimeout } from './rpc.ts'
import type { TaskKind } from './tasks.ts'
import { userIdOf } from './tasks.ts'
import type { WarmUp } from './warm-up.ts'

export interface Dependencies {
  rpc: Pick<Rpc, 'call' | 'ready'>
  results: Pick<Results, 'save' | 'ready'>
  log: Log
  timeoutMs: number
  warm: WarmUp
  /** Milliseconds, rising. */
  now(): number
}

export interface Generated {
  id: number
  status: 'success'
  data: unknown
  latency_ms: number
}

/**
 * Answers the worker's data and the row's id. HttpError 400 for a body that does not fit, 502 when the
 * worker failed, 503 while broker or database are away, 504 when no reply came in time.
 */
export async function generate(
  kind: TaskKind,
  request: IncomingMessage,
  deps: Dependencies,
): Promise<Generated> {
  const body = await readJsonObject(request)
  const message = kind.toMessage(body)
  const userId = userIdOf(body)
  await deps.warm.wait()
  // Asked first: a task that cannot be stored would keep a worker busy for nothing.
  if (!deps.results.ready()) throw new HttpError(503, 'database_unavailable', 'the database is not connected')

  const started = deps.now()
  const outcome = await ask(kind, message, taskHeaders(request), deps)
  const latencyMs = Math.round(deps.now() - started)
  const id = await store(deps, {
    userId,
    requestType: kind.requestType,
    requestPayload: message,
    responsePayload: outcome.reply,
    status: outcome.status,
    errorMessage: outcome.failure,
    latencyMs,
  })
  if (outcome.status === 'success')
    return { id, status: 'success', data: outcome.reply?.data, latency_ms: latencyMs }
  const [status, code] = outcome.status === 'timeout' ? [504, 'timeout'] : [502, 'task_failed']
  throw new HttpError(status as number, code as string, outcome.failure ?? 'the task failed', {
    id,
    latency_ms: latencyMs,
  })
}

interface Outcome {
  status: Result['status']
  reply?: Reply
  failure?: string
}

async function ask(
  kind: TaskKind,
  message: unknown,
  headers: Record<string, string>,
  deps: Dependencies,
): Promise<Outcome> {
  try {
    const reply = await deps.rpc.call(kind.queue, message, { timeoutMs: deps.timeoutMs, headers })
    if (reply.status === 'success') return { status: 'success', reply }
    return { status: 'error', reply, failure: reply.message ?? 'the worker gave no reason' }
  } catch (thrown) {
    if (thrown instanceof BrokerUnavailable) throw new HttpError(503, 'broker_unavailable', thrown.message)
    if (thrown instanceof ReplyTimeout) return { status: 'timeout', failure: thrown.message }
    return { status: 'error', failure: reasonOf(thrown) }
  }
}

async function store(deps: Dependencies, result: Result): Promise<number> {
  try {
    return await deps.results.save(result)
  } catch (thrown) {
    deps.log.error('result not stored', { reason: reasonOf(thrown) })
    throw new HttpError(503, 'result_not_stored', 'the database went away before the result was stored', {
      data: (result.responsePayload as Reply | undefined)?.data,
    })
  }
}

/** How long the task shall take, for load tests; the worker and the model's stand-in heed it. */
function taskHeaders(request: IncomingMessage): Record<string, string> {
  const taskMs = request.headers['x-task-ms']
  return typeof taskMs === 'string' && /^\d{1,7}$/.test(taskMs) ? { 'x-task-ms': taskMs } : {}
}
