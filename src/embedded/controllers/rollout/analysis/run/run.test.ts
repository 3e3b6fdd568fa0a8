/** AnalysisRuns, pass by pass, with a provider that answers from a list. */
import { describe, expect, it } from 'vitest'
import { stored } from '../../../testing/builders.ts'
import { type RunTools, reconcileAnalysisRun } from './reconcile.ts'
import type { AnalysisRunStatus, Measurement, Metric } from './types.ts'

const START = Date.UTC(2026, 0, 1)

class Run {
  status: AnalysisRunStatus = {}
  terminate = false
  readonly spec: Record<string, unknown>
  readonly answers: (Measurement | Error)[]
  readonly asked: Metric[] = []
  /** How many measurements were kept at each clearing. */
  readonly cleared: number[] = []

  constructor(metric: Partial<Metric>, answers: (Measurement | Error)[], spec: Record<string, unknown> = {}) {
    this.spec = { metrics: [{ name: 'm', provider: { web: { url: 'u' } }, ...metric }], ...spec }
    this.answers = answers
  }

  async pass(seconds: number) {
    const object = stored('argoproj.io/v1alpha1', 'AnalysisRun', 'run', {
      spec: { ...this.spec, terminate: this.terminate },
      status: this.status as Record<string, unknown>,
    })
    const tools: RunTools = {
      provider: () => ({
        run: async (_run, metric) => {
          this.asked.push(metric)
          const answer = this.answers.shift()!
          if (answer instanceof Error) throw answer
          return answer
        },
        resume: (_run, _metric, open) => open,
        terminate: (_run, _metric, open) => ({ ...open, phase: 'Successful' }),
        collectGarbage: (_run, kept) => void this.cleared.push(kept),
      }),
      secret: (_name, key) => `value of ${key}`,
    }
    const result = await reconcileAnalysisRun(object, tools, START + seconds * 1000)
    this.status = result.status
    return result
  }

  get result() {
    return this.status.metricResults?.[0]
  }
}

const good: Measurement = { phase: 'Successful', value: '1' }
const bad: Measurement = { phase: 'Failed', value: '0' }
const unsure: Measurement = { phase: 'Inconclusive' }

describe('a run', () => {
  it('keeps as many measurements as measurementRetention says, and lets the provider clear up', async () => {
    const spec = { measurementRetention: [{ metricName: 'm.*', limit: 2 }] }
    const run = new Run({ interval: '5s', count: 4 }, [good, good, good, good], spec)
    for (const seconds of [0, 5, 10, 15]) await run.pass(seconds)
    expect(run.status).toMatchObject({ phase: 'Successful' })
    expect(run.result?.count).toBe(4)
    expect(run.result?.measurements).toHaveLength(2)
    expect(run.cleared).toEqual([2, 2])
  })

  it('refuses rules that are about no metric', async () => {
    const run = new Run({}, [good], { dryRun: [{ metricName: 'other' }] })
    await run.pass(0)
    expect(run.status.message).toBe("Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)")
  })

  it('is successful after one measurement without count or interval', async () => {
    const run = new Run({}, [good])
    const { events } = await run.pass(0)
    expect(run.status).toMatchObject({
      phase: 'Successful',
      startedAt: '2026-01-01T00:00:00Z',
      completedAt: '2026-01-01T00:00:00Z',
      runSummary: { count: 1, successful: 1 },
      metricResults: [{ name: 'm', phase: 'Successful', count: 1, successful: 1, consecutiveSuccess: 1 }],
    })
    expect(events.map((event) => event.verb === 'event' && event.reason)).toEqual([
      'MetricSuccessful',
      'AnalysisRunSuccessful',
    ])
  })

  it('measures at its interval until its count', async () => {
    const run = new Run({ count: 2, interval: '10s' }, [good, good])
    expect((await run.pass(0)).requeueAfterMs).toBe(10_000)
    expect(run.status.phase).toBe('Running')
    await run.pass(5)
    expect(run.result?.count).toBe(1)
    await run.pass(10)
    expect(run.status.phase).toBe('Successful')
  })

  it('waits for its initial delay', async () => {
    const run = new Run({ initialDelay: '30s' }, [good])
    expect((await run.pass(0)).requeueAfterMs).toBe(30_000)
    expect(run.asked).toEqual([])
    await run.pass(30)
    expect(run.status.phase).toBe('Successful')
  })

  it('fails beyond its failureLimit, and says why', async () => {
    const run = new Run({ count: 3, interval: '1s', failureLimit: 1 }, [bad, bad])
    await run.pass(0)
    expect(run.status.phase).toBe('Running')
    await run.pass(1)
    expect(run.status).toMatchObject({
      phase: 'Failed',
      message: 'Metric "m" assessed Failed due to failed (2) > failureLimit (1)',
    })
  })

  it('is inconclusive beyond its inconclusiveLimit', async () => {
    const run = new Run({}, [unsure])
    await run.pass(0)
    expect(run.status.message).toBe(
      'Metric "m" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)',
    )
  })

  it('retries errors every ten seconds, five times', async () => {
    const run = new Run({}, Array(5).fill(new Error('connection refused')))
    expect((await run.pass(0)).requeueAfterMs).toBe(10_000)
    expect(run.result).toMatchObject({ error: 1, consecutiveError: 1 })
    expect(run.result?.count).toBeUndefined()
    for (const seconds of [10, 20, 30, 40]) await run.pass(seconds)
    expect(run.status).toMatchObject({
      phase: 'Error',
      message:
        'Metric "m" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "Error Message: connection refused"',
    })
  })

  it('ends when it is told to', async () => {
    const run = new Run({ interval: '10s' }, [good])
    await run.pass(0)
    run.terminate = true
    await run.pass(1)
    expect(run.status).toMatchObject({ phase: 'Successful', message: 'Run Terminated' })
  })

  it('does not fail for a dry run', async () => {
    const run = new Run({}, [bad], { dryRun: [{ metricName: '.*' }] })
    await run.pass(0)
    expect(run.status).toMatchObject({ phase: 'Successful', dryRunSummary: { count: 1, failed: 1 } })
  })

  it('puts arguments in, hides secrets, and refuses what has no value', async () => {
    const args = [
      { name: 'host', value: 'h' },
      { name: 'token', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ]
    const url = 'http://{{args.host}}/{{ args.token }}'
    const run = new Run({ provider: { web: { url } } }, [new Error('no value of k here')], { args })
    await run.pass(0)
    expect(run.asked[0]?.provider.web.url).toBe('http://h/value of k')
    expect(run.result?.measurements?.[0]?.message).toBe('no ***** here')
    const missing = new Run({ provider: { web: { url } } }, [], { args: [{ name: 'host' }] })
    await missing.pass(0)
    expect(missing.status).toMatchObject({
      phase: 'Error',
      message: 'Unable to resolve metric arguments: argument "host" was not supplied',
    })
  })

  it.each([
    [{ count: 2 }, 'metrics[0]: interval must be specified when count > 1'],
    [{ provider: {} }, 'metrics[0]: no provider specified'],
    [{ interval: 'soon' }, 'metrics[0]: invalid interval string: time: invalid duration "soon"'],
  ])('refuses %j', async (metric, error) => {
    const run = new Run(metric, [])
    await run.pass(0)
    expect(run.status).toMatchObject({ phase: 'Error', message: `Analysis spec invalid: ${error}` })
  })
})
