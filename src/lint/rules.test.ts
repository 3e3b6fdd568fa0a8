import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../lib/kube/object.ts'
import type { LintInput } from './input.ts'
import { lint } from './lint.ts'
import { RULES } from './rules/index.ts'

function input(yaml: string, more: Partial<LintInput> = {}): LintInput {
  const objects = [...parseAllDocuments(yaml)].flatMap((document) => {
    const object = document.toJS() as KubeObject | null
    return object ? [{ source: 'test.yaml', object }] : []
  })
  const given = { secretStores: ['vault-team1'], secrets: ['ghcr-secret'] }
  return { objects, given, taskSeconds: 45, isLocalImage: (image) => image.startsWith('local/'), ...more }
}

/** `level rule object` of every finding. */
function findings(yaml: string, more: Partial<LintInput> = {}): string[] {
  return lint(input(yaml, more)).findings.map(({ level, rule, object }) => `${level} ${rule} ${object}`)
}

const worker = (spec = '', pod = 'terminationGracePeriodSeconds: 60') => `
kind: Deployment
apiVersion: apps/v1
metadata: { name: worker }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec:
      ${pod}
      containers:
        - { name: main, image: "local/worker:1", resources: { requests: { cpu: 50m } } }
  ${spec}
---`
const scaled = (trigger = 'queueLength: "10"', spec = '') => `
kind: ScaledObject
apiVersion: keda.sh/v1alpha1
metadata: { name: scaler }
spec:
  scaleTargetRef: { name: worker }
  triggers: [{ type: rabbitmq, metadata: { host: "http://r:15672", queueName: q, ${trigger} } }]
  ${spec}
---`
const hpa = (target = 'worker', kind = 'Deployment') => `
kind: HorizontalPodAutoscaler
apiVersion: autoscaling/v2
metadata: { name: hpa }
spec:
  scaleTargetRef: { kind: ${kind}, name: ${target} }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { averageUtilization: 70 } } }]
---`
const application = (options: string, pointers: string) => `
kind: Application
apiVersion: argoproj.io/v1alpha1
metadata: { name: app, namespace: argocd }
spec:
  destination: { namespace: team1-ns }
  syncPolicy: { automated: { selfHeal: true }, syncOptions: [${options}] }
  ignoreDifferences: [{ group: apps, kind: Deployment, jsonPointers: [${pointers}] }]
---`
const RESPECT = 'RespectIgnoreDifferences=true'
const rollout = (canary: string, spec = '') => `
kind: Rollout
apiVersion: argoproj.io/v1alpha1
metadata: { name: api }
spec:
  ${spec}
  template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: api, image: "x:1", resources: { requests: { cpu: 1 } } }] } }
  strategy: { canary: { steps: [{ setWeight: 20 }], ${canary} } }
---`
const service = (app: string) => `
kind: Service
apiVersion: v1
metadata: { name: svc }
spec: { selector: { app: ${app} } }
---`
const external = (version: string, spec: string) => `
kind: ExternalSecret
apiVersion: external-secrets.io/${version}
metadata: { name: made }
spec: { secretStoreRef: { name: vault-team1 }, ${spec} }
---`
const budget = (spec: string) => `
kind: PodDisruptionBudget
apiVersion: policy/v1
metadata: { name: pdb }
spec: { selector: { matchLabels: { app: worker } }, ${spec} }
---`

/** rule, what breaks it, and the nearest thing that does not. */
const CASES: [rule: string, bad: string, good: string][] = [
  ['static-replicas', worker('replicas: 1') + scaled(), worker() + scaled()],
  [
    'static-replicas',
    worker('replicas: 1') + scaled(),
    worker('replicas: 1') + scaled() + application(RESPECT, '/spec/replicas'),
  ],
  [
    'static-replicas',
    worker('replicas: 1') + scaled() + application('', '/spec/replicas'),
    worker('replicas: 1') + scaled() + application(RESPECT, '/spec/replicas'),
  ],
  ['two-autoscalers', worker() + scaled() + hpa(), worker() + scaled()],
  ['scale-target-missing', scaled(), worker() + scaled()],
  ['scale-target-missing', rollout('') + hpa('api'), rollout('') + hpa('api', 'Rollout')],
  ['bounds', worker() + scaled(undefined, 'minReplicaCount: 5\n  maxReplicaCount: 3'), worker() + scaled()],
  [
    'bounds',
    worker() + scaled(undefined, 'idleReplicaCount: 0'),
    worker() + scaled(undefined, 'idleReplicaCount: 0\n  minReplicaCount: 0'),
  ],
  ['missing-request', worker().replace('cpu: 50m', 'memory: 1Mi') + hpa(), worker() + hpa()],
  [
    'ignore-differences',
    worker('replicas: 1') + scaled() + application(RESPECT, '/metadata/labels'),
    worker() + scaled() + application(RESPECT, '/metadata/labels'),
  ],
  [
    'respect-ignore-differences',
    worker('replicas: 1') + scaled() + application('', '/spec/replicas'),
    worker('replicas: 1') + scaled() + application(RESPECT, '/spec/replicas'),
  ],
  [
    'trigger-mode',
    worker() + scaled('queueLength: "10", mode: QueueLength'),
    worker() + scaled('value: "10", mode: QueueLength'),
  ],
  ['trigger-mode', worker() + scaled('value: "10"'), worker() + scaled('queueLength: "10"')],
  ['amqp-trigger', worker() + scaled('protocol: amqp, queueLength: "10"'), worker() + scaled()],
  [
    'cooldown-and-window',
    worker() + scaled(undefined, 'cooldownPeriod: 30'),
    worker() + scaled(undefined, 'cooldownPeriod: 300'),
  ],
  [
    'cooldown-and-window',
    worker() + scaled(undefined, 'minReplicaCount: 1\n  cooldownPeriod: 300'),
    worker() + scaled(undefined, 'minReplicaCount: 1'),
  ],
  [
    'trigger-auth-missing',
    worker() + scaled().replace('type: rabbitmq', 'type: rabbitmq, authenticationRef: { name: auth }'),
    `${worker()}${scaled().replace('type: rabbitmq', 'type: rabbitmq, authenticationRef: { name: auth }')}
kind: TriggerAuthentication
apiVersion: keda.sh/v1alpha1
metadata: { name: auth }`,
  ],
  ['grace-period', worker('', 'terminationGracePeriodSeconds: 20') + scaled(), worker() + scaled()],
  ['grace-period', worker('', 'restartPolicy: Always') + scaled(), worker('', 'restartPolicy: Always')],
  [
    'hpa-during-canary',
    rollout('') + hpa('api', 'Rollout'),
    rollout('trafficRouting: { nginx: {} }') + hpa('api', 'Rollout'),
  ],
  [
    'coarse-canary',
    rollout('maxSurge: 0, maxUnavailable: 1', 'replicas: 1'),
    rollout('maxSurge: 1', 'replicas: 1'),
  ],
  ['readiness-probe', rollout('') + service('api'), rollout('') + service('other')],
  [
    'readiness-probe',
    worker() + service('worker'),
    worker().replace('name: main', 'name: main, readinessProbe: {}') + service('worker'),
  ],
  ['pull-always', worker().replace('name: main', 'name: main, imagePullPolicy: Always'), worker()],
  [
    'pull-always',
    worker().replace('local/worker:1', 'local/worker'),
    worker().replace('local/worker:1', 'remote/worker'),
  ],
  [
    'missing-reference',
    worker().replace('name: main', 'name: main, envFrom: [{ secretRef: { name: made } }]'),
    worker().replace('name: main', 'name: main, envFrom: [{ secretRef: { name: made } }]') +
      external('v1', 'refreshInterval: 1m'),
  ],
  [
    'missing-reference',
    worker('', 'volumes: [{ name: v, configMap: { name: c } }]'),
    worker('', 'volumes: [{ name: v, configMap: { name: c, optional: true } }]'),
  ],
  ['eso-version', external('v1beta1', 'refreshInterval: 1m'), external('v1', 'refreshInterval: 1m')],
  [
    'secret-store-missing',
    external('v1', 'refreshInterval: 1m').replace('vault-team1', 'nobody'),
    external('v1', 'refreshInterval: 1m'),
  ],
  [
    'refresh-frozen',
    external('v1', 'refreshInterval: 0s'),
    external('v1', 'refreshInterval: 0s, refreshPolicy: OnChange'),
  ],
  ['budget-blocks', worker() + budget('maxUnavailable: 0'), worker() + budget('maxUnavailable: 1')],
  [
    'budget-blocks',
    worker('replicas: 2') + budget('minAvailable: 2'),
    worker('replicas: 2') + budget('minAvailable: 1'),
  ],
]

test.each(CASES)('%s', (rule, bad, good) => {
  const of = (yaml: string) => findings(yaml).filter((line) => line.includes(` ${rule} `))
  expect(of(bad).length).toBeGreaterThan(0)
  expect(of(good)).toEqual([])
})

test('every rule has a case', () => {
  expect(new Set(CASES.map(([rule]) => rule))).toEqual(new Set(RULES.map(({ id }) => id)))
})

describe('levels', () => {
  test('a canary that no probe guards is an error, a plain Deployment a warning', () => {
    expect(findings(rollout('') + service('api'))).toEqual(['error readiness-probe Rollout api'])
    expect(findings(worker() + service('worker'))).toEqual(['warning readiness-probe Deployment worker'])
  })

  test('errors come first and are counted', () => {
    const report = lint(input(worker('replicas: 1', 'terminationGracePeriodSeconds: 5') + scaled()))
    expect(report).toMatchObject({ kind: 'Lint', errors: 1, warnings: 1, objects: 2 })
    expect(report.findings.map(({ level }) => level)).toEqual(['error', 'warning'])
  })
})

test('on a live object the default of spec.replicas is nobody’s fault', () => {
  const { objects, ...rest } = input(worker('replicas: 1') + scaled())
  const live = objects.map((one) => ({ ...one, live: true }))
  expect(lint({ objects: live, ...rest }).errors).toBe(0)
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"replicas":1}}' }
  live[0]!.object.metadata.annotations = annotations
  expect(lint({ objects: live, ...rest }).findings.map(({ rule }) => rule)).toEqual(['static-replicas'])
})

test('rules can be left out, but not misspelt', () => {
  const broken = input(worker('replicas: 1') + scaled())
  expect(lint(broken, ['static-replicas']).findings).toEqual([])
  expect(() => lint(broken, ['statik'])).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
