/** Jobs: completions, parallelism, retries with backoff, deadlines, indexes, suspension, TTL. */
import { describe, expect, it } from 'vitest'
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import { manifest, NAMESPACE } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { jobController } from './controller.ts'
import { formatIndexes, parseIndexes } from './pods.ts'

const JOBS = 'batch/v1/jobs'

class Fixture extends TestCluster {
  constructor(spec: Record<string, unknown> = {}) {
    super([jobController()])
    const labels = { 'batch.kubernetes.io/job-name': 'work' }
    const template = {
      metadata: { labels },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] },
    }
    const defaults = {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      selector: { matchLabels: labels },
      template,
    }
    this.client.create(JOBS, manifest('batch/v1', 'Job', 'work', { spec: { ...defaults, ...spec } }))
  }

  get status(): KubeObject['status'] {
    return this.client.get(JOBS, NAMESPACE, 'work')?.status ?? {}
  }

  running(): KubeObject[] {
    return this.client
      .list('v1/pods')
      .filter((pod) => !['Succeeded', 'Failed'].includes(pod.status.phase) && !pod.metadata.deletionTimestamp)
  }

  /** Ends the first running pod. */
  async end(exitCode: number): Promise<void> {
    const pod = this.running()[0]!
    const terminated = { exitCode, finishedAt: rfc3339(this.clock.now()) }
    const status = {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ name: 'main', state: { terminated } }],
    }
    this.client.patch(
      'v1/pods',
      NAMESPACE,
      pod.metadata.name,
      { status },
      { type: 'merge', subresource: 'status' },
    )
    await this.settle()
  }

  conditions(): string[] {
    return (this.status.conditions ?? []).map(
      ({ type, status, reason }: { type: string; status: string; reason: string }) =>
        `${type} ${status} ${reason}`,
    )
  }
}

describe('completions', () => {
  it('one pod, one success', async () => {
    await using f = new Fixture()
    await f.settle()
    expect(f.running()[0]!.metadata).toMatchObject({
      generateName: 'work-',
      finalizers: ['batch.kubernetes.io/job-tracking'],
      labels: { 'batch.kubernetes.io/job-name': 'work' },
    })
    expect(f.status).toMatchObject({ active: 1, ready: 0, startTime: '2026-01-01T00:00:00Z' })
    await f.end(0)
    expect(f.conditions()).toEqual([
      'SuccessCriteriaMet True CompletionsReached',
      'Complete True CompletionsReached',
    ])
    expect(f.status).toMatchObject({
      succeeded: 1,
      completionTime: '2026-01-01T00:00:00Z',
      uncountedTerminatedPods: {},
    })
    expect(f.status.active).toBeUndefined()
    expect(f.client.list('v1/pods')[0]!.metadata.finalizers).toBeUndefined()
    expect(f.events()).toEqual([
      expect.stringMatching(/^SuccessfulCreate: Created pod: work-/),
      'Completed: Job completed',
    ])
  })

  it('no more at a time than parallelism, and none too many at the end', async () => {
    await using f = new Fixture({ completions: 5, parallelism: 2 })
    await f.settle()
    const active: number[] = []
    for (let ended = 0; ended < 5; ended++) {
      active.push(f.running().length)
      await f.end(0)
    }
    expect(active).toEqual([2, 2, 2, 2, 1])
    expect(f.conditions()).toContain('Complete True CompletionsReached')
    expect(f.client.list('v1/pods')).toHaveLength(5)
  })

  it('a work queue: a success ends it when the others have finished', async () => {
    await using f = new Fixture({ completions: undefined, parallelism: 2 })
    await f.settle()
    await f.end(0)
    expect(f.running()).toHaveLength(1)
    expect(f.conditions()).toEqual([])
    await f.end(0)
    expect(f.conditions()).toContain('Complete True CompletionsReached')
  })

  it('every index once, again after a failure', async () => {
    await using f = new Fixture({ completions: 3, parallelism: 3, completionMode: 'Indexed' })
    await f.settle()
    expect(f.running().map(({ metadata }) => metadata.generateName)).toEqual([
      'work-0-',
      'work-1-',
      'work-2-',
    ])
    expect(f.running()[1]!.spec).toMatchObject({
      hostname: 'work-1',
      containers: [{ env: [{ name: 'JOB_COMPLETION_INDEX' }] }],
    })
    await f.end(1)
    await f.end(0)
    expect(f.status).toMatchObject({ succeeded: 1, failed: 1, completedIndexes: '1' })
    await f.advance(10_000, 1000)
    expect(
      f
        .running()
        .map(({ metadata }) => metadata.generateName)
        .sort(),
    ).toEqual(['work-0-', 'work-2-'])
    await f.end(0)
    await f.end(0)
    expect(f.status.completedIndexes).toBe('0-2')
    expect(f.conditions()).toContain('Complete True CompletionsReached')
  })
})

describe('failures', () => {
  it('tries again after 10 s, then 20 s, and gives up at the limit', async () => {
    await using f = new Fixture({ backoffLimit: 2 })
    await f.settle()
    await f.end(1)
    await f.advance(9000, 1000)
    expect(f.running()).toHaveLength(0)
    await f.advance(1000)
    expect(f.running()).toHaveLength(1)
    await f.end(1)
    await f.advance(19_000, 1000)
    expect(f.running()).toHaveLength(0)
    await f.advance(1000)
    await f.end(1)
    expect(f.conditions()).toEqual([
      'FailureTarget True BackoffLimitExceeded',
      'Failed True BackoffLimitExceeded',
    ])
    expect(f.status).toMatchObject({ failed: 3 })
    expect(f.events().at(-1)).toBe('BackoffLimitExceeded: Job has reached the specified backoff limit')
  })

  it('stops what runs at the deadline', async () => {
    await using f = new Fixture({ activeDeadlineSeconds: 30 })
    await f.advance(29_000, 1000)
    expect(f.running()).toHaveLength(1)
    await f.advance(2000)
    expect(f.running()).toHaveLength(0)
    expect(f.client.list('v1/pods')).toEqual([])
    expect(f.conditions()).toEqual(['FailureTarget True DeadlineExceeded', 'Failed True DeadlineExceeded'])
  })

  it('a pod that someone deletes counts as failed and is replaced', async () => {
    await using f = new Fixture()
    await f.settle()
    const { name } = f.running()[0]!.metadata
    f.client.delete('v1/pods', NAMESPACE, name)
    await f.advance(11_000, 1000)
    expect(f.status).toMatchObject({ failed: 1, active: 1 })
    expect(f.client.list('v1/pods').map(({ metadata }) => metadata.name)).not.toContain(name)
  })

  it('a failure policy fails it at once, or does not count', async () => {
    const rules = [
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
      { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } },
    ]
    await using f = new Fixture({ backoffLimit: 0, podFailurePolicy: { rules } })
    await f.settle()
    await f.end(7)
    expect(f.status.failed).toBeUndefined()
    await f.advance(10_000, 1000)
    const { name } = f.running()[0]!.metadata
    await f.end(42)
    expect(f.status.conditions.at(-1)).toMatchObject({
      type: 'Failed',
      reason: 'PodFailurePolicy',
      message: `Container main for pod default/${name} failed with exit code 42 matching FailJob rule at index 0`,
    })
  })
})

it('suspends and resumes', async () => {
  await using f = new Fixture()
  await f.settle()
  const suspend = (on: boolean) =>
    f.client.patch(JOBS, NAMESPACE, 'work', { spec: { suspend: on } }, { type: 'merge' })
  suspend(true)
  await f.settle()
  expect(f.running()).toHaveLength(0)
  expect(f.conditions()).toEqual(['Suspended True JobSuspended'])
  expect(f.client.list('v1/pods')).toEqual([])
  expect(f.status).toMatchObject({ terminating: 0 })
  expect(f.status.startTime).toBeUndefined()
  expect(f.status.failed).toBeUndefined()
  suspend(false)
  await f.settle()
  expect(f.running()).toHaveLength(1)
  expect(f.conditions()).toEqual(['Suspended False JobResumed'])
})

it('goes after its TTL', async () => {
  await using f = new Fixture({ ttlSecondsAfterFinished: 60 })
  await f.settle()
  await f.end(0)
  await f.advance(59_000, 1000)
  expect(f.client.get(JOBS, NAMESPACE, 'work')!.metadata.deletionTimestamp).toBeUndefined()
  await f.advance(2000)
  expect(f.client.get(JOBS, NAMESPACE, 'work')?.metadata.finalizers).toEqual(['foregroundDeletion'])
})

it.each([
  ['', []],
  ['0', [0]],
  ['0,1', [0, 1]],
  ['0-2,4,6-8', [0, 1, 2, 4, 6, 7, 8]],
])('indexes %j', (text, indexes) => {
  expect([...parseIndexes(text)]).toEqual(indexes)
  expect(formatIndexes(new Set(indexes))).toBe(text)
})
