/** The HPA loop: sync period, scaling, conditions, events, stabilisation and rates, on a fake clock. */
import { describe, expect, it } from 'vitest'
import { cpuMetric, Fixture, PERIOD, QUEUE_METRIC_NAME } from './fixture.ts'

describe('a scale-up from an external metric', () => {
  it('waits one period, then scales and writes status, conditions and event', async () => {
    await using f = new Fixture().target(1).pods(1).hpa()
    f.queue = '18'
    await f.advance(PERIOD - 1, PERIOD)
    expect(f.replicas).toBe(1)
    await f.advance(1)
    expect(f.asked).toEqual(['default s0-rabbitmq-q scaledobject.keda.sh/name=q'])
    expect(f.replicas).toBe(4)
    expect(f.status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 4,
      lastScaleTime: '2026-01-01T00:00:01Z',
      currentMetrics: [{ type: 'External', external: { current: { averageValue: '18' } } }],
    })
    expect(f.status.observedGeneration).toBeUndefined()
    expect(f.status.conditions.map((condition: { type: string }) => condition.type)).toEqual([
      'AbleToScale',
      'ScalingActive',
      'ScalingLimited',
    ])
    expect(f.condition('AbleToScale')).toBe(
      'True SucceededRescale: the HPA controller was able to update the target scale to 4',
    )
    expect(f.condition('ScalingActive')).toBe(
      `True ValidMetricFound: the HPA was able to successfully calculate a replica count from ${QUEUE_METRIC_NAME}`,
    )
    expect(f.condition('ScalingLimited')).toBe(
      'False DesiredWithinRange: the desired count is within the acceptable range',
    )
    expect(f.events()).toEqual([`SuccessfulRescale: New size: 4; reason: ${QUEUE_METRIC_NAME} above target`])
  })

  it('goes at most to double or four at a time, and to the maximum', async () => {
    await using f = new Fixture().target(1).pods(1).hpa()
    f.queue = '1000'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(4)
    expect(f.condition('ScalingLimited')).toMatch(/^True ScaleUpLimit: .*increasing faster than/)
    f.report(4)
    await f.advance(2 * PERIOD)
    expect(f.replicas).toBe(10)
    expect(f.condition('ScalingLimited')).toMatch(/^True TooManyReplicas/)
  })

  it('holds a scale-down for the five-minute window', async () => {
    await using f = new Fixture().target(1).pods(1).hpa()
    f.queue = '20'
    await f.advance(PERIOD)
    f.report(4)
    f.queue = '0'
    await f.advance(290_000, PERIOD)
    expect(f.replicas).toBe(4)
    expect(f.condition('AbleToScale')).toMatch(
      /^True ScaleDownStabilized: recent recommendations were higher/,
    )
    await f.advance(15_000, PERIOD)
    expect(f.replicas).toBe(1)
    expect(f.condition('ScalingLimited')).toMatch(/^True TooFewReplicas/)
    expect(f.events().at(-1)).toBe('SuccessfulRescale: New size: 1; reason: All metrics below target')
  })

  it('writes nothing while nothing changes', async () => {
    await using f = new Fixture().target(2).pods(2).hpa()
    f.queue = '10'
    await f.advance(3 * PERIOD)
    const writes = f.client.writes.length
    await f.advance(60_000, PERIOD)
    expect(f.client.writes).toHaveLength(writes)
  })
})

describe('behavior', () => {
  const scaleDown = {
    stabilizationWindowSeconds: 5,
    policies: [{ type: 'Pods', value: 2, periodSeconds: 10 }],
  }
  const scaleUp = { policies: [{ type: 'Percent', value: 100, periodSeconds: 10 }] }

  it('limits the rate by policy over its period', async () => {
    await using f = new Fixture().target(2).pods(2).hpa({ behavior: { scaleUp, scaleDown } })
    f.queue = '50'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(4)
    f.report(4)
    await f.advance(8 * PERIOD)
    expect(f.replicas).toBe(4)
    expect(f.condition('ScalingLimited')).toMatch(/^True ScaleUpLimit/)
    await f.advance(3 * PERIOD)
    expect(f.replicas).toBe(8)
    f.report(8)
    f.queue = '40'
    // What was added in a period counts against removing, too: let it pass.
    await f.advance(12 * PERIOD)
    f.queue = '0'
    await f.advance(7 * PERIOD)
    expect(f.replicas).toBe(6)
    expect(f.condition('ScalingLimited')).toMatch(/^True ScaleDownLimit/)
    f.report(6)
    await f.advance(11 * PERIOD)
    expect(f.replicas).toBe(4)
  })

  it('disables a direction', async () => {
    await using f = new Fixture()
      .target(4)
      .pods(4)
      .hpa({ behavior: { scaleUp, scaleDown: { ...scaleDown, selectPolicy: 'Disabled' } } })
    await f.advance(20 * PERIOD)
    expect(f.replicas).toBe(4)
  })

  it('waits out the scaleUp window, with its reason', async () => {
    const slow = { ...scaleUp, stabilizationWindowSeconds: 3 }
    await using f = new Fixture()
      .target(2)
      .pods(2)
      .hpa({ behavior: { scaleUp: slow, scaleDown } })
    f.queue = '10'
    await f.advance(2 * PERIOD)
    f.queue = '20'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(2)
    expect(f.condition('AbleToScale')).toMatch(/^True ScaleUpStabilized: .*applying the lowest recent/)
    await f.advance(4 * PERIOD)
    expect(f.replicas).toBe(4)
  })
})

describe('cpu utilisation', () => {
  it('scales by the share of the request and shows it', async () => {
    await using f = new Fixture()
      .target(2)
      .pods(2)
      .hpa({ metrics: [cpuMetric(50)] })
    f.cpuNanocores = 80_000_000
    await f.advance(PERIOD)
    expect(f.replicas).toBe(4)
    expect(f.status.currentMetrics).toEqual([
      {
        type: 'Resource',
        resource: { name: 'cpu', current: { averageUtilization: 80, averageValue: '80m' } },
      },
    ])
    expect(f.events()).toEqual([
      'SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ])
  })
})
