import { describe, expect, it } from 'vitest'
import { createCatalog } from '../index.ts'
import { deployment, errorsOf, pod } from '../testing.ts'

const catalog = createCatalog()
const object = (apiVersion: string, kind: string, rest: Record<string, unknown>) => ({
  apiVersion,
  kind,
  metadata: { name: 'a' },
  ...rest,
})
const container = (fields: Record<string, unknown>) =>
  pod({ containers: [{ name: 'a', image: 'a', ...fields }] })

describe('metadata', () => {
  it('follows the rule of names of each kind', () => {
    const [error] = errorsOf(catalog, { ...pod(), metadata: { name: 'Web_1' } })
    expect(error).toBe(
      "metadata.name: Invalid: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    )
    const service = { spec: { ports: [{ port: 1 }] } }
    expect(errorsOf(catalog, { ...object('v1', 'Service', service), metadata: { name: '1a' } })[0]).toMatch(
      /a DNS-1035 label must .*\(e\.g\. 'my-name', {2}or 'abc-123', regex/,
    )
    const role = object('rbac.authorization.k8s.io/v1', 'ClusterRole', {})
    expect(errorsOf(catalog, { ...role, metadata: { name: 'system:Node' } })).toEqual([])
    expect(errorsOf(catalog, { ...pod(), metadata: {} })).toEqual([
      'metadata.name: Required: name or generateName is required',
    ])
    expect(errorsOf(catalog, { ...pod(), metadata: { generateName: 'web-' } })).toEqual([])
  })

  it('checks labels and what may not change', () => {
    const labelled = { ...pod(), metadata: { name: 'a', labels: { 'bad key': 'x', ok: 'bad value!' } } }
    expect(errorsOf(catalog, labelled).map((each) => each.split(':')[0])).toEqual([
      'metadata.labels',
      'metadata.labels',
    ])
    const deleted = {
      ...pod(),
      metadata: { name: 'web', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [] },
    }
    const revived = { ...deleted, metadata: { ...deleted.metadata, finalizers: ['a/b'] } }
    expect(errorsOf(catalog, revived, deleted)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
    ])
  })
})

describe('pods', () => {
  it.each([
    [pod({ containers: [] }), 'spec.containers: Required'],
    [container({ image: '' }), 'spec.containers[0].image: Required'],
    [container({ ports: [{ containerPort: 0 }] }), 'spec.containers[0].ports[0].containerPort: Required'],
    [
      container({ ports: [{ containerPort: 70000 }] }),
      'spec.containers[0].ports[0].containerPort: Invalid: must be between 1 and 65535, inclusive',
    ],
    [
      container({ env: [{ name: 'A=B', value: '1' }] }),
      "spec.containers[0].env[0].name: Invalid: a valid environment variable name must consist only of printable ASCII characters other than '='",
    ],
    [
      container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      'spec.containers[0].volumeMounts[0].name: NotFound',
    ],
    [
      container({ livenessProbe: {} }),
      'spec.containers[0].livenessProbe: Required: must specify a handler type',
    ],
    [
      container({ livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
      'spec.containers[0].livenessProbe.successThreshold: Invalid: must be 1',
    ],
    [
      container({ resources: { limits: { cpu: '1' }, requests: { cpu: '1500m' } } }),
      'spec.containers[0].resources.requests: Invalid: must be less than or equal to cpu limit of 1',
    ],
    [
      container({ imagePullPolicy: 'Sometimes' }),
      'spec.containers[0].imagePullPolicy: NotSupported: supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      pod({ volumes: [{ name: 'v', emptyDir: {}, secret: { secretName: 's' } }] }),
      'spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type',
    ],
  ])('refuse %#', (manifest, error) => {
    expect(errorsOf(catalog, manifest)).toEqual([error])
  })

  it('refuse repeated names', () => {
    const twice = [
      { name: 'a', image: 'a' },
      { name: 'a', image: 'b' },
    ]
    expect(errorsOf(catalog, pod({ containers: twice }))).toEqual(['spec.containers[1].name: Duplicate'])
    expect(errorsOf(catalog, pod({ initContainers: [{ name: 'web', image: 'x' }] }))).toEqual([
      'spec.initContainers[0].name: Duplicate',
    ])
  })

  it('may change their images and hardly anything else', () => {
    expect(errorsOf(catalog, container({ image: 'b:2', imagePullPolicy: 'Always' }), container({}))).toEqual(
      [],
    )
    expect(errorsOf(catalog, pod({ nodeName: 'n' }), pod())[0]).toMatch(
      /^spec: Forbidden: pod updates may not change fields/,
    )
  })
})

describe('workloads', () => {
  it.each([
    [deployment({ replicas: -1 }), 'spec.replicas: Invalid: must be greater than or equal to 0'],
    [
      deployment({ selector: { matchLabels: { app: 'other' } } }),
      'spec.template.metadata.labels: Invalid: `selector` does not match template `labels`',
    ],
    [deployment({ selector: {} }), 'spec.selector: Invalid: empty selector is invalid for deployment'],
    [
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid: may not be 0 when `maxSurge` is 0',
    ],
    [
      deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      deployment({ minReadySeconds: 600 }),
      'spec.progressDeadlineSeconds: Invalid: must be greater than minReadySeconds',
    ],
  ])('refuse %#', (manifest, error) => {
    expect(errorsOf(catalog, manifest)).toEqual([error])
  })

  it('keep their selector', () => {
    const labels = { app: 'web', tier: 'front' }
    const template = { metadata: { labels }, spec: (deployment().spec as any).template.spec }
    const changed = deployment({ selector: { matchLabels: labels }, template })
    expect(errorsOf(catalog, changed, deployment())).toEqual(['spec.selector: Invalid: field is immutable'])
  })

  it('let StatefulSets change only some fields', () => {
    const set = (serviceName: string) => ({ ...deployment({ serviceName }), kind: 'StatefulSet' })
    expect(errorsOf(catalog, set('b'), set('a'))[0]).toMatch(
      /^spec: Forbidden: updates to statefulset spec for fields other than 'replicas', .* and 'minReadySeconds' are forbidden$/,
    )
  })

  it('want a restart policy for Jobs and a schedule for CronJobs', () => {
    const template = { spec: { containers: [{ name: 'a', image: 'a' }] } }
    expect(errorsOf(catalog, object('batch/v1', 'Job', { spec: { template } }))).toEqual([
      'spec.template.spec.restartPolicy: Required: valid values: "OnFailure", "Never"',
    ])
    const jobTemplate = { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } }
    expect(
      errorsOf(catalog, object('batch/v1', 'CronJob', { spec: { schedule: '* *', jobTemplate } })),
    ).toEqual(['spec.schedule: Invalid: expected exactly 5 fields, found 2: [* *]'])
  })
})

describe('services and scaling', () => {
  const service = (spec: Record<string, unknown>) => object('v1', 'Service', { spec })
  const autoscaler = (spec: Record<string, unknown>) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web' }, ...spec },
    })

  it.each([
    [service({}), 'spec.ports: Required'],
    [service({ ports: [{ port: 80 }, { port: 81, name: 'b' }] }), 'spec.ports[0].name: Required'],
    [
      service({
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      }),
      'spec.ports[1]: Duplicate',
    ],
    [
      service({ ports: [{ port: 80, nodePort: 30000 }] }),
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [service({ type: 'ExternalName' }), 'spec.externalName: Required'],
    [
      autoscaler({ maxReplicas: 0, minReplicas: 0 }),
      'spec.minReplicas: Invalid: must be greater than or equal to 1',
    ],
    [
      autoscaler({ minReplicas: 5 }),
      'spec.maxReplicas: Invalid: must be greater than or equal to `minReplicas`',
    ],
    [
      autoscaler({ behavior: { scaleDown: { stabilizationWindowSeconds: 4000 } } }),
      'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid: must be less than or equal to 3600',
    ],
    [
      object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1 } }),
      'spec: Invalid: minAvailable and maxUnavailable cannot be both set',
    ],
    [
      object('networking.k8s.io/v1', 'Ingress', {
        spec: {
          rules: [
            { http: { paths: [{ path: '/', backend: { service: { name: 'a', port: { number: 80 } } } }] } },
          ],
        },
      }),
      'spec.rules[0].http.paths[0].pathType: Required: pathType must be specified',
    ],
  ])('refuse %#', (manifest, error) => {
    expect(errorsOf(catalog, manifest)[0]).toBe(error)
  })

  it('accept a headless service without ports', () => {
    expect(errorsOf(catalog, service({ clusterIP: 'None' }))).toEqual([])
  })
})

describe('configuration and access', () => {
  it('checks keys and what secrets of a type must hold', () => {
    expect(errorsOf(catalog, object('v1', 'ConfigMap', { data: { 'a/b': '1' } }))[0]).toMatch(
      /^data\[a\/b\]: Invalid: a valid config key must/,
    )
    expect(
      errorsOf(catalog, object('v1', 'Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } })),
    ).toEqual(['data[tls.key]: Required'])
  })

  it('keeps immutable ones', () => {
    const map = (a: string) => object('v1', 'ConfigMap', { immutable: true, data: { a } })
    expect(errorsOf(catalog, map('2'), map('1'))).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ])
  })

  it('keeps the role of a binding', () => {
    const binding = (name: string) =>
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { kind: 'Role', name } })
    expect(errorsOf(catalog, binding('b'), binding('a'))).toEqual(['roleRef: Invalid: cannot change roleRef'])
  })
})

describe('definitions', () => {
  const crd = (spec: Record<string, unknown>) =>
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
        ...spec,
      },
    })

  it('are accepted when they are in order', () => {
    expect(errorsOf(catalog, crd({}))).toEqual([])
  })

  it.each([
    [crd({ group: 'other.com' }), 'metadata.name: Invalid: must be spec.names.plural+"."+spec.group'],
    [crd({ scope: 'Global' }), 'spec.scope: NotSupported: supported values: "Cluster", "Namespaced"'],
    [
      crd({
        versions: [
          { name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      }),
      'spec.versions: Invalid: must have exactly one version marked as storage version',
    ],
    [
      crd({ versions: [{ name: 'v1', served: true, storage: true }] }),
      'spec.versions[0].schema.openAPIV3Schema: Required: schemas are required',
    ],
  ])('are refused %#', (manifest, error) => {
    expect(errorsOf(catalog, manifest)).toContain(error)
  })
})
