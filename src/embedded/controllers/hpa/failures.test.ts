/** What an HPA says and does when it cannot or need not read metrics. */
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors.ts'
import { cpuMetric, Fixture, PERIOD, queueMetric } from './fixture.ts'

describe('outside the metrics', () => {
  it('leaves a target at zero alone', async () => {
    await using f = new Fixture().target(0).hpa()
    f.queue = '50'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(0)
    expect(f.condition('ScalingActive')).toBe(
      'False ScalingDisabled: scaling is disabled since the replica count of the target is zero',
    )
    expect(f.status.currentMetrics).toBeNull()
    expect(f.asked).toEqual([])
  })

  it.each([
    [20, 10, 'Current number of replicas above Spec.MaxReplicas'],
    [1, 3, 'Current number of replicas below Spec.MinReplicas'],
  ])('brings %d replicas to %d at once', async (from, to, reason) => {
    await using f = new Fixture().target(from).hpa({ minReplicas: 3 })
    await f.advance(PERIOD)
    expect(f.replicas).toBe(to)
    expect(f.events()).toEqual([`SuccessfulRescale: New size: ${to}; reason: ${reason}`])
  })

  it('reports a target that is not there', async () => {
    await using f = new Fixture().hpa()
    await f.advance(PERIOD)
    expect(f.condition('AbleToScale')).toBe(
      'False FailedGetScale: the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
    )
    expect(f.events()).toEqual(['FailedGetScale: deployments.apps "web" not found'])
  })

  it('reports a kind that nobody serves', async () => {
    await using f = new Fixture().hpa({
      scaleTargetRef: { apiVersion: 'x.io/v1', kind: 'Thing', name: 'web' },
    })
    await f.advance(PERIOD)
    expect(f.events()).toEqual(['FailedGetScale: no matches for kind "Thing" in group "x.io"'])
  })

  it('reports a scale that is refused, and tries again', async () => {
    await using f = new Fixture().target(1).pods(1).hpa()
    f.queue = '20'
    f.client.admit = ({ subresource }) => {
      if (subresource === 'scale') throw new ApiError(500, '', 'no')
    }
    await f.advance(PERIOD)
    expect(f.condition('AbleToScale')).toBe(
      'False FailedUpdateScale: the HPA controller was unable to update the target scale: no',
    )
    f.client.admit = () => {}
    await f.advance(PERIOD)
    expect(f.replicas).toBe(4)
  })

  it('refuses pods that two HPAs claim', async () => {
    await using f = new Fixture().target(2).pods(2).hpa().hpa({}, 'other')
    await f.advance(2 * PERIOD)
    expect(f.condition('ScalingActive')).toBe(
      'False AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [default/other default/web]',
    )
  })
})

describe('failing metrics', () => {
  it('reports an external metric that cannot be had and keeps the replicas', async () => {
    await using f = new Fixture().target(2).pods(2).hpa()
    f.queue = new ApiError(500, '', 'queue is gone')
    await f.advance(PERIOD)
    const error =
      'unable to get external metric default/s0-rabbitmq-q/&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: q,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: queue is gone'
    expect(f.condition('ScalingActive')).toBe(
      `False FailedGetExternalMetric: the HPA was unable to compute the replica count: ${error}`,
    )
    expect(f.status).toMatchObject({ currentReplicas: 2, currentMetrics: [{ type: '' }] })
    expect(f.events()).toEqual([
      `FailedGetExternalMetric: ${error}`,
      expect.stringMatching(
        /^FailedComputeMetricsReplicas: invalid metrics \(1 invalid out of 1\), first error is: /,
      ),
    ])
    expect(f.replicas).toBe(2)
  })

  it('says what is missing for cpu', async () => {
    await using f = new Fixture()
      .target(2)
      .pods(2)
      .hpa({ metrics: [cpuMetric(50)] })
    await f.advance(PERIOD)
    expect(f.condition('ScalingActive')).toBe(
      'False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    )
  })

  it('scales on the good metric of two only when it does not ask for less', async () => {
    await using f = new Fixture()
      .target(2)
      .pods(2)
      .hpa({ metrics: [cpuMetric(50), queueMetric('5')] })
    f.queue = '1'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(2)
    expect(f.condition('ScalingActive')).toMatch(/^False FailedGetResourceMetric/)
    f.queue = '15'
    await f.advance(PERIOD)
    expect(f.replicas).toBe(3)
    expect(f.status.currentMetrics).toMatchObject([{ type: '' }, { type: 'External' }])
  })

  it('answers pods metrics as when no adapter is installed', async () => {
    const pods = { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '1' } }
    await using f = new Fixture()
      .target(2)
      .pods(2)
      .hpa({ metrics: [{ type: 'Pods', pods }] })
    await f.advance(PERIOD)
    expect(f.condition('ScalingActive')).toMatch(
      /^False FailedGetPodsMetric: .*unable to get metric qps: .*no custom metrics API \(custom\.metrics\.k8s\.io\) registered$/,
    )
  })
})
