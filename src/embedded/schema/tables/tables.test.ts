import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { createCatalog } from '../index.ts'
import { infoOf, NOW } from '../testing.ts'
import { humanDuration } from './duration.ts'
import { findValues } from './json-path.ts'

const catalog = createCatalog()

/** The cells of one object by column name. */
function cells(apiVersion: string, kind: string, rest: Record<string, unknown>): Record<string, unknown> {
  const metadata = { name: 'a', creationTimestamp: '2026-01-01T23:00:00Z', ...(rest.metadata as object) }
  const object = { apiVersion, kind, ...rest, metadata } as unknown as KubeObject
  const { columnDefinitions, rows } = catalog.table(infoOf(catalog, apiVersion, kind), [object], NOW)
  return Object.fromEntries(columnDefinitions.map((column, at) => [column.name, rows[0]![at]]))
}

describe('humanDuration', () => {
  it.each([
    [-5, '<invalid>'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [330, '5m30s'],
    [11 * 60, '11m'],
    [179 * 60, '179m'],
    [3 * 3600 + 60, '3h1m'],
    [9 * 3600, '9h'],
    [49 * 3600, '2d1h'],
    [9 * 86400, '9d'],
    [800 * 86400, '2y70d'],
  ])('%i s is %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text)
  })
})

describe('pods', () => {
  const running = { ready: true, restartCount: 0, state: { running: {} } }
  const pod = (status: Record<string, unknown>, spec: Record<string, unknown> = {}, metadata = {}) =>
    cells('v1', 'Pod', {
      metadata,
      spec: { containers: [{ name: 'a' }], ...spec },
      status: { phase: 'Running', ...status },
    })

  it('show what their containers do', () => {
    expect(pod({ containerStatuses: [running] })).toMatchObject({
      Ready: '1/1',
      Status: 'Running',
      Restarts: '0',
      Age: '60m',
    })
    const crashing = {
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { finishedAt: '2026-01-01T23:58:00Z' } },
    }
    expect(pod({ containerStatuses: [crashing] })).toMatchObject({
      Ready: '0/1',
      Status: 'CrashLoopBackOff',
      Restarts: '3 (2m ago)',
    })
    const failed = { restartCount: 0, state: { terminated: { exitCode: 3 } } }
    expect(pod({ phase: 'Failed', containerStatuses: [failed] }).Status).toBe('ExitCode:3')
  })

  it('show initialisation', () => {
    const initContainers = [{ name: 'i' }, { name: 'j' }]
    const done = { name: 'i', restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } }
    const waiting = { name: 'j', restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } }
    const statuses = { phase: 'Pending', initContainerStatuses: [done, waiting] }
    expect(pod(statuses, { initContainers }).Status).toBe('Init:1/2')
    const crash = { ...waiting, state: { waiting: { reason: 'CrashLoopBackOff' } } }
    expect(pod({ ...statuses, initContainerStatuses: [done, crash] }, { initContainers }).Status).toBe(
      'Init:CrashLoopBackOff',
    )
  })

  it('count sidecars as containers', () => {
    const initContainers = [{ name: 's', restartPolicy: 'Always' }]
    const sidecar = { name: 's', ...running, started: true }
    expect(
      pod({ initContainerStatuses: [sidecar], containerStatuses: [running] }, { initContainers }).Ready,
    ).toBe('2/2')
  })

  it('show their end', () => {
    const completed = { restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } }
    expect(pod({ phase: 'Succeeded', containerStatuses: [completed] }).Status).toBe('Completed')
    const deletionTimestamp = '2026-01-02T00:00:00Z'
    expect(pod({ containerStatuses: [running] }, {}, { deletionTimestamp }).Status).toBe('Terminating')
  })
})

describe('other kinds', () => {
  it('deployments', () => {
    const template = { spec: { containers: [{ name: 'a', image: 'x:1' }] } }
    const row = cells('apps/v1', 'Deployment', {
      spec: { replicas: 3, selector: { matchLabels: { app: 'a' } }, template },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
    })
    expect(row).toMatchObject({
      Ready: '2/3',
      'Up-to-date': 3,
      Available: 2,
      Images: 'x:1',
      Selector: 'app=a',
    })
  })

  it('autoscalers', () => {
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    }
    const queue = { type: 'External', external: { target: { type: 'AverageValue', averageValue: '5' } } }
    const spec = {
      maxReplicas: 9,
      minReplicas: 1,
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      metrics: [cpu, queue, queue],
    }
    const currentMetrics = [
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 10 } } },
    ]
    expect(
      cells('autoscaling/v2', 'HorizontalPodAutoscaler', { spec, status: { currentMetrics } }),
    ).toMatchObject({
      Reference: 'Deployment/web',
      Targets: 'cpu: 10%/50%, <unknown>/5 (avg) + 1 more...',
      MinPods: '1',
    })
  })

  it('services, nodes and events', () => {
    expect(
      cells('v1', 'Service', {
        spec: {
          type: 'NodePort',
          clusterIP: '10.0.0.1',
          ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }],
        },
      }),
    ).toMatchObject({ 'Cluster-IP': '10.0.0.1', 'External-IP': '<none>', 'Port(s)': '80:30080/TCP' })
    expect(
      cells('v1', 'Node', {
        metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } },
        spec: { unschedulable: true },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      }),
    ).toMatchObject({ Status: 'Ready,SchedulingDisabled', Roles: 'control-plane' })
    expect(
      cells('v1', 'Event', {
        involvedObject: { kind: 'Pod', name: 'p' },
        lastTimestamp: '2026-01-01T23:59:30Z',
        count: 4,
        message: 'm',
      }),
    ).toMatchObject({ 'Last Seen': '30s', Object: 'pod/p', Count: 4 })
    expect(
      cells('events.k8s.io/v1', 'Event', {
        regarding: { kind: 'Pod', name: 'p' },
        eventTime: '2026-01-01T23:59:00.000000Z',
        note: 'n',
      }),
    ).toMatchObject({ 'Last Seen': '60s', Object: 'pod/p', Message: 'n', Count: 1 })
  })

  it('every kind has a table', () => {
    for (const info of catalog.resources()) {
      const table = catalog.table(
        info,
        [{ apiVersion: 'v1', kind: info.kind, metadata: { name: 'a' } } as KubeObject],
        NOW,
      )
      expect(table.rows[0]).toHaveLength(table.columnDefinitions.length)
    }
  })
})

describe('findValues', () => {
  const root = {
    a: { 'b.c': 1 },
    list: [
      { n: 'x', v: 1 },
      { n: 'y', v: 2 },
    ],
  }

  it.each([
    ['.a.b\\.c', [1]],
    [".a['b.c']", [1]],
    ['.list[0].n', ['x']],
    ['.list[-1].n', ['y']],
    ['.list[*].n', ['x', 'y']],
    ['.list[?(@.n=="y")].v', [2]],
    ['.list[?(@.v>1)].n', ['y']],
    ['.missing.path', []],
    ['not a path', []],
  ])('%s', (path, values) => {
    expect(findValues(path, root)).toEqual(values)
  })
})
