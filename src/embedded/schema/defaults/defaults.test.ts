import { describe, expect, it } from 'vitest'
import { createCatalog } from '../index.ts'
import { admitted, deployment, pod } from '../testing.ts'

const catalog = createCatalog()
const object = (apiVersion: string, kind: string, rest: Record<string, unknown>) =>
  admitted(catalog, { apiVersion, kind, metadata: { name: 'a' }, ...rest })

describe('defaults of pods', () => {
  it('fill the pod spec and its containers', () => {
    const { spec } = admitted(catalog, pod())
    expect(spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      enableServiceLinks: true,
    })
    expect(spec.containers[0]).toEqual({
      name: 'web',
      image: 'web',
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'Always',
    })
  })

  it.each([
    ['web', 'Always'],
    ['web:latest', 'Always'],
    ['localhost:5000/web', 'Always'],
    ['localhost:5000/web:1.2', 'IfNotPresent'],
    ['web@sha256:0123', 'IfNotPresent'],
  ])('pull %s %s', (image, policy) => {
    expect(
      admitted(catalog, pod({ containers: [{ name: 'a', image }] })).spec.containers[0].imagePullPolicy,
    ).toBe(policy)
  })

  it('take limits for absent requests in pods, not in templates', () => {
    const containers = [
      {
        name: 'a',
        image: 'a:1',
        resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
      },
    ]
    expect(admitted(catalog, pod({ containers })).spec.containers[0].resources.requests).toEqual({
      cpu: '100m',
      memory: '1Gi',
    })
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers } }
    const inTemplate = admitted(catalog, deployment({ template })).spec.template.spec
    expect(inTemplate.containers[0].resources.requests).toEqual({ cpu: '100m' })
    expect(inTemplate.enableServiceLinks).toBeUndefined()
  })

  it('fill probes and volumes', () => {
    const containers = [
      {
        name: 'a',
        image: 'a:1',
        livenessProbe: { httpGet: { port: 80 } },
        readinessProbe: { grpc: { port: 9 } },
      },
    ]
    const volumes = [
      { name: 'e' },
      { name: 's', secret: { secretName: 's' } },
      { name: 'p', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
    ]
    const { spec } = admitted(catalog, pod({ containers, volumes }))
    expect(spec.containers[0].livenessProbe).toEqual({
      httpGet: { port: 80, scheme: 'HTTP', path: '/' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    })
    expect(spec.containers[0].readinessProbe.grpc.service).toBe('')
    expect(spec.volumes[0].emptyDir).toEqual({})
    expect(spec.volumes[1].secret.defaultMode).toBe(420)
    expect(spec.volumes[2].projected.sources[0].serviceAccountToken.expirationSeconds).toBe(3600)
  })
})

describe('defaults of workloads', () => {
  const spec = deployment().spec as Record<string, unknown>

  it('of a Deployment', () => {
    expect(admitted(catalog, deployment()).spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    })
    expect(admitted(catalog, deployment({ replicas: 0, strategy: { type: 'Recreate' } })).spec).toMatchObject(
      {
        replicas: 0,
        strategy: { type: 'Recreate' },
      },
    )
  })

  it('of StatefulSets, DaemonSets and ReplicaSets', () => {
    expect(object('apps/v1', 'StatefulSet', { spec: { ...spec, serviceName: 'a' } }).spec).toMatchObject({
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    })
    expect(object('apps/v1', 'DaemonSet', { spec }).spec.updateStrategy.rollingUpdate).toEqual({
      maxUnavailable: 1,
      maxSurge: 0,
    })
    expect(object('apps/v1', 'ReplicaSet', { spec }).metadata.labels).toBeUndefined()
  })

  it('of Jobs and CronJobs', () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } }
    expect(object('batch/v1', 'Job', { spec: { template } }).spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    })
    expect(object('batch/v1', 'Job', { spec: { template, parallelism: 3 } }).spec.completions).toBeUndefined()
    const cron = object('batch/v1', 'CronJob', {
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } },
    })
    expect(cron.spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    })
    expect(cron.spec.jobTemplate.spec.backoffLimit).toBeUndefined()
  })
})

describe('defaults of the rest', () => {
  it('of Services', () => {
    expect(object('v1', 'Service', { spec: { ports: [{ port: 80 }], type: 'NodePort' } }).spec).toEqual({
      type: 'NodePort',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    })
  })

  it('of HorizontalPodAutoscalers: behavior only where it is given', () => {
    const spec = { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web' } }
    const plain = object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec }).spec
    expect(plain.minReplicas).toBe(1)
    expect(plain.metrics[0].resource).toEqual({
      name: 'cpu',
      target: { type: 'Utilization', averageUtilization: 80 },
    })
    expect(plain.behavior).toBeUndefined()
    const behavior = { scaleDown: { stabilizationWindowSeconds: 5 } }
    const given = object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { ...spec, behavior } }).spec
      .behavior
    expect(given.scaleDown).toEqual({
      stabilizationWindowSeconds: 5,
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    })
    expect(given.scaleUp.policies).toHaveLength(2)
  })

  it('of namespaces, secrets, bindings and definitions', () => {
    expect(object('v1', 'Namespace', {})).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'a' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    expect(object('v1', 'Secret', {}).type).toBe('Opaque')
    const binding = object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 's' },
      ],
    })
    expect(binding.roleRef.apiGroup).toBe('rbac.authorization.k8s.io')
    expect(binding.subjects[1].apiGroup).toBeUndefined()
    const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
      spec: { names: { kind: 'Widget', plural: 'widgets' }, versions: [{ name: 'v1', storage: true }] },
    })
    expect(crd.spec.names).toMatchObject({ singular: 'widget', listKind: 'WidgetList' })
    expect(crd.status).toMatchObject({ conditions: [], storedVersions: ['v1'] })
  })
})
