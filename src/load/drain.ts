/** Decides when a run is over: what it still waits for, and when missing answers are lost. Pure. */
import type { QueueAccount } from './account.ts'

/**
 * A message whose queue is empty and that no worker holds can still be on its way back for a moment, and the
 * broker's count of unacknowledged ones is up to 5 s old.
 */
export const SILENCE_MS = 10_000

export interface BrokerState {
  /** Ready plus unacknowledged messages over the run's queues; undefined while the broker cannot be asked. */
  remaining: number | undefined
  /** When this state was first seen without interruption, milliseconds from the first publish. */
  sinceMs: number
}

/** True when every message is answered or refused. */
export function allAnswered(accounts: readonly QueueAccount[]): boolean {
  return accounts.every(({ ledger }) => ledger.published === ledger.size && ledger.outstanding === 0)
}

/**
 * True when answers are missing and none can come any more: the broker has said of every message what became of it
 * (one without a confirm may still be on its way to a broker that blocks), nothing is left there, and it is silent.
 */
export function answersAreLost(
  accounts: readonly QueueAccount[],
  broker: BrokerState,
  nowMs: number,
  silenceMs: number,
): boolean {
  if (accounts.some(({ ledger }) => ledger.unsettled > 0)) return false
  if (allAnswered(accounts) || broker.remaining !== 0) return false
  const lastSign = Math.max(
    broker.sinceMs,
    ...accounts.map(({ lastReplyMs, lastConfirmMs }) => Math.max(lastReplyMs ?? 0, lastConfirmMs ?? 0)),
  )
  return nowMs - lastSign >= silenceMs
}

/** What the run waits for, as a sentence fragment; undefined when it is over. */
export function waitingFor(accounts: readonly QueueAccount[]): string | undefined {
  const missing = accounts
    .filter(({ ledger }) => ledger.outstanding > 0 || ledger.published < ledger.size)
    .map(
      ({ queue, ledger, depth }) =>
        `${ledger.size - ledger.replied} answers of ${queue.name} (${depth} still queued)`,
    )
  if (missing.length > 0) return missing.join(', ')
  const up = accounts
    .filter(({ replicas }) => !replicas.atRest)
    .map(
      ({ queue, replicas: { now, floor } }) =>
        `the worker of ${queue.name} to go from ${Math.max(now.desired, now.current)} to ${floor} replicas`,
    )
  return up.length > 0 ? up.join(', ') : undefined
}
