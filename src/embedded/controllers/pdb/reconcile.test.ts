/** PodDisruptionBudget status: a table of budgets over ready and unready pods. */
import { describe, expect, it } from 'vitest'
import { podStatus, stored } from '../testing/builders.ts'
import { reconcileBudget } from './reconcile.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')

function run(spec: Record<string, unknown>, ready: boolean[], scale: number | Error, status = {}) {
  const pods = ready.map((one, at) =>
    stored('v1', 'Pod', `p${at}`, { spec: {}, status: podStatus({ ready: one }) }),
  )
  const budget = stored('policy/v1', 'PodDisruptionBudget', 'b', { spec, status })
  const expectedScale = () => {
    if (scale instanceof Error) throw scale
    return scale
  }
  return reconcileBudget({ budget, pods, expectedScale, now: NOW })
}

function statusOf(result: ReturnType<typeof run>) {
  const change = result.changes.find((one) => one.verb === 'updateStatus')
  return change?.verb === 'updateStatus' ? change.object.status : undefined
}

describe('disruptions allowed', () => {
  const all = (count: number) => Array<boolean>(count).fill(true)
  it.each([
    [{ minAvailable: 1 }, all(3), 3, { desiredHealthy: 1, expectedPods: 3, disruptionsAllowed: 2 }],
    [{ minAvailable: 3 }, [true, true, false], 3, { currentHealthy: 2, disruptionsAllowed: 0 }],
    [{ minAvailable: '50%' }, all(5), 5, { desiredHealthy: 3, disruptionsAllowed: 2 }],
    [{ maxUnavailable: 1 }, all(3), 3, { desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ maxUnavailable: '30%' }, all(4), 4, { desiredHealthy: 2, disruptionsAllowed: 2 }],
    [{ maxUnavailable: 1 }, all(2), 4, { expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 0 }],
    [{ maxUnavailable: 1 }, [], 0, { expectedPods: 0, disruptionsAllowed: 0 }],
    [{}, all(2), 2, { desiredHealthy: 1, disruptionsAllowed: 1 }],
  ])('%j over %j of %j', (spec, ready, scale, expected) => {
    const status = statusOf(run(spec, ready, scale))
    expect(status).toMatchObject(expected)
    expect(status.conditions).toMatchObject([
      {
        type: 'DisruptionAllowed',
        status: status.disruptionsAllowed > 0 ? 'True' : 'False',
        reason: status.disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        observedGeneration: 1,
      },
    ])
  })

  it('a pod just evicted does not count, for two minutes', () => {
    const disruptedPods = {
      p0: '2026-01-01T11:59:00Z',
      p1: '2026-01-01T11:00:00Z',
      gone: '2026-01-01T11:59:00Z',
    }
    const result = run({ minAvailable: 1 }, all(3), 3, { disruptedPods })
    expect(statusOf(result)).toMatchObject({
      currentHealthy: 2,
      disruptedPods: { p0: '2026-01-01T11:59:00Z' },
    })
    expect(statusOf(result).disruptedPods).toEqual({ p0: '2026-01-01T11:59:00Z' })
    expect(result.requeueAfterMs).toBe(60_000)
  })

  it('fails safe when the expected number cannot be told', () => {
    const result = run({ maxUnavailable: 1 }, all(2), new Error('found no controller ref for pod "p0"'))
    expect(statusOf(result)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        { status: 'False', reason: 'SyncFailed', message: 'found no controller ref for pod "p0"' },
      ],
    })
    expect(result.changes[0]).toMatchObject({
      reason: 'CalculateExpectedPodCountFailed',
      message: 'Failed to calculate the number of expected pods: found no controller ref for pod "p0"',
    })
  })

  it('writes nothing twice', () => {
    const status = statusOf(run({ minAvailable: 1 }, all(2), 2))
    expect(run({ minAvailable: 1 }, all(2), 2, status).changes).toEqual([])
  })
})
