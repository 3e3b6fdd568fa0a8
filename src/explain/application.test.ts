import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { refreshSecondsOf } from './application.ts'
import type { Snapshot } from './snapshot.ts'
import { before, deployment, NAMESPACE, object, RELEASE, scaledObject, told } from './testing.ts'

const JUST_NOW = before(3)
const A_MINUTE_AGO = before(60)
const automated = { prune: true, selfHeal: true }

function app(status: object, spec: object = {}, parts: Partial<Snapshot> = {}): string[] {
  const application = object('Application', 'x', {
    metadata: { name: RELEASE, namespace: 'argocd' },
    spec: {
      source: { repoURL: 'http://git/stack.git', path: 'stack', targetRevision: 'main' },
      syncPolicy: { automated },
      ...spec,
    },
    status: { reconciledAt: before(30), ...status },
  })
  return told('app/team1-project', { applications: [application], ...parts })
}

const revision = '0123456789abcdef'
const outOfSync = { status: 'OutOfSync', revision }

test('OutOfSync: which resources, in which way, and what happens next', () => {
  const resources = [
    { kind: 'ConfigMap', name: 'config', status: 'OutOfSync' },
    { kind: 'Service', name: 'old', status: 'OutOfSync', requiresPruning: true },
    { kind: 'Service', name: 'web', status: 'Synced', health: { status: 'Healthy' } },
  ]
  const operationState = {
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    startedAt: before(3700),
    finishedAt: before(3600),
    syncResult: { revision: 'older' },
  }
  expect(
    app({ sync: outOfSync, resources, operationState, health: { status: 'Healthy' } }),
  ).toMatchInlineSnapshot(`
    [
      "sync: OutOfSync against main (01234567) of http://git/stack.git stack, compared 30 s ago.",
      "resource: ConfigMap config differs from git.",
      "resource: Service old is in the cluster but no longer in git.",
      "automation: New revisions are synced by themselves; drift in the cluster is undone; what left git is deleted.",
      "operation: The last sync ended 1 h ago: Succeeded, successfully synced (all tasks run).",
      "health: Health: Healthy.",
      "next: Argo CD syncs 2 resources by itself; repeated drift waits up to 5 min. \`kubectl annotate application team1-project -n argocd argocd.argoproj.io/refresh=normal\` compares at once.",
    ]
  `)
})

test('what drifted is told with both values; what is missing, too', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"LOG_LEVEL":"INFO"}}' }
  const live = object('ConfigMap', 'x', {
    data: { LOG_LEVEL: 'DEBUG' },
    metadata: { name: 'config', annotations },
  })
  const same = { ...live, data: { LOG_LEVEL: 'INFO' } }
  const row = (name: string) => ({ kind: 'ConfigMap', name, status: 'OutOfSync' })
  const answer = app(
    {
      sync: outOfSync,
      resources: [row('config'), row('same'), row('gone')],
      operationState: { syncResult: { revision } },
    },
    { syncPolicy: { automated: { selfHeal: false } } },
    {
      outOfSync: [
        { kind: 'ConfigMap', name: 'config', live },
        { kind: 'ConfigMap', name: 'same', live: same },
        { kind: 'ConfigMap', name: 'gone' },
      ],
    },
  )
  expect(answer.filter((line) => /^resource|^trap/.test(line))).toEqual([
    'resource: ConfigMap config was changed since its sync: data.LOG_LEVEL is DEBUG, git had INFO.',
    'resource: ConfigMap same is as it was synced last: git has changed since.',
    'resource: ConfigMap gone is in git but not in the cluster.',
    'trap self-heal-off: Somebody changed the cluster after the sync, and selfHeal is off: Argo CD reports that, and leaves it.',
  ])
})

test('a revision that failed is not tried again', () => {
  const operationState = {
    phase: 'Failed',
    message: 'one or more objects failed to apply',
    finishedAt: before(60),
    syncResult: {
      revision,
      resources: [{ kind: 'Deployment', name: 'x', status: 'SyncFailed', message: 'is invalid' }],
    },
  }
  expect(app({ sync: outOfSync, operationState }).slice(2)).toMatchInlineSnapshot(`
    [
      "operation: The last sync ended 1 min ago: Failed, one or more objects failed to apply.",
      "failed: Deployment x: is invalid",
      "health: Health: Unknown.",
      "next: Nothing by itself: this revision was tried and failed; a new commit or a sync by hand tries again.",
      "trap failed-revision: This revision was tried and failed (one or more objects failed to apply): Argo CD never tries the same one again by itself.",
    ]
  `)
})

const fought = deployment('question-worker', 3, {
  metadata: {
    name: `${RELEASE}-question-worker`,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"replicas":1}}' },
  },
})
const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }]
const respected = { syncPolicy: { automated, syncOptions: ['RespectIgnoreDifferences=true'] } }

test.each<[string, object, boolean]>([
  ['nothing ignored', {}, true],
  ['ignored, but not respected', { ignoreDifferences }, true],
  ['ignored and respected', { ignoreDifferences, ...respected }, false],
])('replicas from git under KEDA: %s', (_name, spec, trap) => {
  const resources = [{ kind: 'Deployment', name: fought.metadata.name, status: 'OutOfSync' }]
  const answer = app({ sync: outOfSync, resources }, spec, {
    workloads: [fought],
    scaledObjects: [scaledObject(true)],
  })
  expect(answer.some((line) => line.startsWith('trap static-replicas'))).toBe(trap)
})

test('an Ingress without an address stays Progressing', () => {
  const ingress: KubeObject = object('Ingress', 'ingress', { status: { loadBalancer: {} } })
  const status = { sync: { status: 'Synced' }, health: { status: 'Progressing' } }
  expect(app(status, {}, { ingresses: [ingress] }).at(-1)).toMatch(/^trap no-load-balancer-address: /)
  const addressed = { ...ingress, status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }
  expect(app(status, {}, { ingresses: [addressed] }).at(-1)).toMatch(/^next: /)
})

test('a canary pause makes it Suspended', () => {
  const rollout = object('Rollout', 'core-api', {
    status: { conditions: [{ type: 'Paused', status: 'True' }] },
  })
  const status = { sync: { status: 'Synced' }, health: { status: 'Suspended' } }
  expect(app(status, {}, { workloads: [rollout] }).at(-1)).toMatch(/^trap suspended-by-canary: /)
})

test('a project that is not there', () => {
  const conditions = [
    { type: 'InvalidSpecError', message: 'Application referencing project team1 which does not exist' },
  ]
  expect(app({ conditions, sync: { status: 'Unknown' } }).at(-1)).toMatch(/^trap missing-project: /)
})

test('a source that cannot be read changes nothing, and says so', () => {
  const conditions = [{ type: 'ComparisonError', message: 'template: x.yaml:3: nil pointer' }]
  const lines = app({ sync: { status: 'Unknown', revision }, conditions, health: { status: 'Healthy' } })
  expect(lines.find((line) => line.startsWith('next'))).toContain('what was synced last keeps running')
})

test('repairs again and again are a fight over somebody’s change', () => {
  const fight = (autoHealAttemptsCount: number) =>
    app({
      sync: { status: 'Synced', revision },
      operationState: {
        phase: 'Succeeded',
        operation: { sync: { autoHealAttemptsCount, resources: [{ kind: 'Service', name: 'web' }] } },
        syncResult: { revision },
      },
    }).filter((line) => line.includes('self-heal-fight'))
  expect(fight(1)).toEqual([])
  expect(fight(3)).toHaveLength(1)
  expect(fight(3)[0]).toContain('undone changes 3 times since this revision, the last time to Service web')
})

test('a source that cannot be read is told, not a cluster full of resources that left git', () => {
  const resources = [{ kind: 'Service', name: 'old', status: 'Unknown', requiresPruning: true }]
  const conditions = [{ type: 'ComparisonError', message: 'repository not found' }]
  const answer = app({ sync: { status: 'Unknown' }, resources, conditions, health: { status: 'Healthy' } })
  expect(answer[1]).toBe('condition: ComparisonError: repository not found')
  expect(answer.join()).not.toContain('no longer in git')
})

describe('what keeps an Application from being Healthy is read from the objects', () => {
  const degraded = { sync: { status: 'Synced' }, health: { status: 'Degraded' } }
  const row = (kind: string, name: string) => ({
    kind,
    name: `${RELEASE}-${name}`,
    namespace: NAMESPACE,
    status: 'Synced',
  })
  const ready = (status: string) => ({ conditions: [{ type: 'Ready', status, reason: 'SecretSyncedError' }] })
  const hpa = object('HorizontalPodAutoscaler', 'frontend', {
    status: {
      conditions: [
        { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics.' },
      ],
    },
  })
  const health = (rows: object[], parts: Partial<Snapshot>) =>
    app({ ...degraded, resources: rows }, {}, parts).find((line) => line.startsWith('health: '))

  test('each with its own words, and none that belongs to somebody else', () => {
    const rollout = object('Rollout', 'core-api', { status: { phase: 'Degraded', message: 'aborted' } })
    const secrets = [
      object('ExternalSecret', 'good', { status: ready('True') }),
      object('ExternalSecret', 'bad', { status: ready('False') }),
      object('ExternalSecret', 'foreign', { status: ready('False') }),
    ]
    const rows = [
      row('Rollout', 'core-api'),
      row('HorizontalPodAutoscaler', 'frontend'),
      row('ExternalSecret', 'good'),
      row('ExternalSecret', 'bad'),
    ]
    expect(health(rows, { workloads: [rollout], hpas: [hpa], externalSecrets: secrets })).toBe(
      'health: Health: Degraded: Rollout team1-project-core-api: Degraded: aborted; HorizontalPodAutoscaler team1-project-frontend: FailedGetResourceMetric: no metrics; ExternalSecret team1-project-bad: Ready is False: SecretSyncedError.',
    )
  })

  test('a Deployment whose new pods do not start is not fine because old ones serve', () => {
    const matchLabels = { app: 'web' }
    const web = object('Deployment', 'web', {
      spec: { replicas: 1, selector: { matchLabels } },
      status: { replicas: 2, updatedReplicas: 1, availableReplicas: 1 },
    })
    const pod = object('Pod', 'web-2', {
      metadata: { name: 'web-2', labels: matchLabels },
      status: { containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] },
    })
    expect(health([row('Deployment', 'web')], { workloads: [web], pods: [pod] })).toBe(
      'health: Health: Degraded: Deployment team1-project-web: 1 old pod not replaced yet; pod web-2: ImagePullBackOff.',
    )
  })

  test('or from the rows, where an older Argo CD keeps it there', () => {
    const rows = [{ ...row('Job', 'seed'), health: { status: 'Degraded' } }]
    expect(health(rows, {})).toBe('health: Health: Degraded: Job team1-project-seed: Degraded.')
  })

  test('and nothing is named when all of them are fine', () => {
    expect(health([row('ExternalSecret', 'x')], {})).toBe('health: Health: Degraded.')
  })
})

describe('when a commit is seen', () => {
  const synced = { sync: { status: 'Synced' }, health: { status: 'Healthy' } }
  const next = (repoURL: string, parts: Partial<Snapshot> = {}, reconciledAt = JUST_NOW) =>
    app({ ...synced, reconciledAt }, { source: { repoURL } }, parts).find((line) => line.startsWith('next: '))

  test('when Argo CD keeps an error of the source to itself for a while', () => {
    const url = 'git://git/stack.git'
    expect(next(url, { refreshSeconds: 5 }, A_MINUTE_AGO)).toContain('It should have been compared by now')
    expect(next(url, { refreshSeconds: 180 }, A_MINUTE_AGO)).toContain('A new commit is seen within')
  })

  test.each<[string, number | undefined, string]>([
    ['git://git/stack.git', undefined, 'A new commit is seen within 3 min;'],
    ['git://git/stack.git', 5, 'A new commit is seen within 5 s;'],
    ['git://git/stack.git', 0, 'Argo CD looks for new commits only when it is asked:'],
    ['http://127.0.0.1:8080/stack.git', undefined, 'A new commit is seen at once;'],
  ])('%s, every %s s', (repoURL, refreshSeconds, words) => {
    expect(next(repoURL, refreshSeconds === undefined ? {} : { refreshSeconds })).toContain(words)
  })

  test.each<[Record<string, string>, number | undefined]>([
    [{}, 180],
    [{ 'timeout.reconciliation': '5s', 'timeout.reconciliation.jitter': '0s' }, 5],
    [{ 'timeout.reconciliation': '0' }, 0],
    [{ 'timeout.reconciliation': 'often' }, undefined],
  ])('argocd-cm %j', (data, seconds) => {
    expect(refreshSecondsOf(object('ConfigMap', 'argocd-cm', { data }))).toBe(seconds)
  })
})
