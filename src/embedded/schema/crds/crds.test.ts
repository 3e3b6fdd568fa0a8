import { describe, expect, it } from 'vitest'
import { createCatalog, operatorCrds } from '../index.ts'
import { admitted, errorsOf, fullCatalog, infoOf } from '../testing.ts'

const scaledObject = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'orders' },
  spec: {
    scaleTargetRef: { name: 'orders' },
    triggers: [{ type: 'rabbitmq', metadata: { queueName: 'orders' } }],
    ...spec,
  },
})

describe('the definitions of the operators', () => {
  it('are accepted as they stand', () => {
    const catalog = createCatalog()
    const info = infoOf(catalog, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition')
    for (const crd of operatorCrds()) {
      const object = JSON.parse(JSON.stringify(crd))
      expect(catalog.prune(info, object)).toEqual([])
      expect(errorsOf(catalog, object)).toEqual([])
    }
  })

  it('serve their kinds by their short names', () => {
    const catalog = fullCatalog()
    const short = (name: string) => catalog.resources().find((info) => info.shortNames.includes(name))?.kind
    expect(['so', 'ro', 'es', 'app', 'appproj'].map(short)).toEqual([
      'ScaledObject',
      'Rollout',
      'ExternalSecret',
      'Application',
      'AppProject',
    ])
    expect(infoOf(catalog, 'argoproj.io/v1alpha1', 'Rollout').scale).toMatchObject({
      labelSelectorPath: '.status.selector',
    })
    expect(catalog.find('external-secrets.io', 'v1beta1', 'externalsecrets')).toBeUndefined()
  })
})

describe('KEDA', () => {
  const catalog = fullCatalog()

  it('takes a ScaledObject and adds nothing to it', () => {
    expect(errorsOf(catalog, scaledObject())).toEqual([])
    expect(admitted(catalog, scaledObject()).spec).toEqual(scaledObject().spec)
  })

  it.each([
    [{ triggers: [] }, 'spec.triggers: Invalid: spec.triggers in body should have at least 1 items'],
    [
      { pollingInterval: 0 },
      'spec.pollingInterval: Invalid: spec.pollingInterval in body should be greater than or equal to 1',
    ],
    [
      { minReplicaCount: 5, maxReplicaCount: 3 },
      'spec: Invalid: minReplicaCount must be less than or equal to maxReplicaCount',
    ],
    [
      { triggers: [{ type: 'rabbitmq', metadata: { value: 20 } }] },
      'spec.triggers[0].metadata.value: TypeInvalid: spec.triggers[0].metadata.value in body must be of type string: "integer"',
    ],
  ])('refuses %j', (spec, error) => {
    expect(errorsOf(catalog, scaledObject(spec))[0]).toBe(error)
  })

  it('defaults the behaviour of a fallback', () => {
    const fallback = { failureThreshold: 3, replicas: 2 }
    expect(admitted(catalog, scaledObject({ fallback })).spec.fallback.behavior).toBe('static')
  })
})

describe('External Secrets', () => {
  const catalog = fullCatalog()

  it('defaults the target and the refresh interval', () => {
    const { spec } = admitted(catalog, {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'a' },
      spec: { secretStoreRef: { name: 'vault' } },
    })
    expect(spec).toMatchObject({
      refreshInterval: '1h0m0s',
      target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
    })
  })

  it('wants exactly one provider in a store', () => {
    const store = (provider: Record<string, unknown>) => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: 'vault' },
      spec: { provider },
    })
    const vault = {
      server: 'http://127.0.0.1:8200',
      path: 'team1',
      auth: { tokenSecretRef: { name: 't', key: 'token' } },
    }
    expect(errorsOf(catalog, store({ vault }))).toEqual([])
    expect(admitted(catalog, store({ vault })).spec.provider.vault.version).toBe('v2')
    expect(errorsOf(catalog, store({}))[0]).toBe(
      'spec.provider: Invalid: spec.provider in body should have at least 1 properties',
    )
  })
})

describe('Argo', () => {
  const catalog = fullCatalog()
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 80 }] }] },
  }
  const rollout = (spec: Record<string, unknown>) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec },
  })

  it('takes canary steps, and defaults no more than the protocol of ports', () => {
    const steps = [{ setWeight: 20 }, { pause: { duration: '1m' } }, { pause: {} }]
    const manifest = rollout({ replicas: 2, strategy: { canary: { steps } } })
    expect(errorsOf(catalog, manifest)).toEqual([])
    const { spec } = admitted(catalog, manifest)
    expect(spec.template.spec.containers[0].ports).toEqual([{ containerPort: 80, protocol: 'TCP' }])
    expect(spec.revisionHistoryLimit).toBeUndefined()
  })

  it('takes numbers for the quantities of a Rollout’s containers, as its definition leaves them open', () => {
    const [container] = template.spec.containers
    const containers = [{ ...container, resources: { requests: { cpu: 0.5 } } }]
    const open = rollout({ template: { ...template, spec: { containers } } })
    expect(errorsOf(catalog, open)).toEqual([])
    expect(admitted(catalog, open).spec.template.spec.containers[0].resources).toEqual({
      requests: { cpu: 0.5 },
    })
  })

  it('keeps the selector of a Rollout', () => {
    expect(errorsOf(catalog, rollout({ selector: { matchLabels: { app: 'x' } } }), rollout({}))).toEqual([
      'spec.selector: Invalid: .spec.selector is immutable',
    ])
  })

  it('takes an Application with multiple options', () => {
    const manifest = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'web', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
      spec: {
        project: 'team1',
        destination: { server: 'https://kubernetes.default.svc', namespace: 'team1' },
        source: { repoURL: 'http://git.local/app.git', path: 'chart', helm: { valueFiles: ['values.yaml'] } },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['RespectIgnoreDifferences=true'],
        },
        ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
      },
    }
    expect(errorsOf(catalog, manifest)).toEqual([])
    expect(admitted(catalog, manifest).spec).toEqual(manifest.spec)
    const { project, ...rest } = manifest.spec
    expect(errorsOf(catalog, { ...manifest, spec: rest })).toEqual(['spec.project: Required'])
  })
})
