import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Operator, operatorsSchema, patchesSchema } from '../../config/operators.ts'
import { readYaml } from '../../config/yaml-file.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { decideOperators, detectOperators, type Found } from './detect.ts'
import { finish } from './manifests.ts'
import { patchObjects } from './patch.ts'

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url))
const lock = await readYaml(`${CHECKOUT}/devenv/operators.lock.yaml`, operatorsSchema, CHECKOUT)
const keda = lock.operators.find(({ name }) => name === 'keda') as Operator
const argo = lock.operators.find(({ name }) => name === 'argo-cd') as Operator

function deployment(name: string, image: string, labels: Record<string, string> = {}): KubeObject {
  const containers = [{ name: 'main', image, imagePullPolicy: 'Always' }]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'tools', labels },
    spec: { template: { spec: { containers } } },
  }
}

describe('devenv/operators.lock.yaml', () => {
  it('pins the four operators, and its patches fit their schema', async () => {
    expect(lock.operators.map(({ name }) => name)).toEqual([
      'argo-cd',
      'argo-rollouts',
      'keda',
      'external-secrets',
    ])
    for (const { patches } of lock.operators) {
      if (!patches) continue
      await expect(readYaml(`${CHECKOUT}/devenv/${patches}`, patchesSchema, CHECKOUT)).resolves.toBeDefined()
    }
  })
})

describe('patchObjects', () => {
  const objects = [deployment('a', 'x/a:1'), deployment('b', 'x/b:1')]

  it('merges into the object, and into containers by name or all of them', () => {
    const [a, b] = patchObjects(
      objects,
      [
        {
          target: { kind: 'Deployment', name: '*' },
          containers: { '*': { imagePullPolicy: 'IfNotPresent' } },
        },
        { target: { kind: 'Deployment', name: 'a' }, merge: { spec: { replicas: 0 } } },
        { target: { kind: 'Deployment', name: 'a' }, containers: { other: { image: 'never' } } },
      ],
      'full',
    )
    expect(a?.spec).toMatchObject({
      replicas: 0,
      template: { spec: { containers: [{ image: 'x/a:1', imagePullPolicy: 'IfNotPresent' }] } },
    })
    expect(b?.spec.replicas).toBeUndefined()
    expect(objects[0]?.spec.template.spec.containers[0].imagePullPolicy).toBe('Always')
  })

  it('removes, and keeps to its plan', () => {
    const remove = {
      target: { kind: 'Deployment', name: 'a' },
      plan: 'lite' as const,
      remove: true as const,
    }
    expect(patchObjects(objects, [remove], 'full')).toHaveLength(2)
    expect(patchObjects(objects, [remove], 'lite').map(({ metadata }) => metadata.name)).toEqual(['b'])
  })
})

it('puts what has no namespace into the operator’s, and labels everything', () => {
  const service: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }
  const role: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'r' },
  }
  const elsewhere: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'e', namespace: 'kube-system' },
  }
  const done = finish([service, role, elsewhere], argo, [], 'lite', 'demo')
  expect(done.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['Namespace', undefined],
    ['Service', 'argocd'],
    ['ClusterRole', undefined],
    ['Service', 'kube-system'],
  ])
  for (const { metadata } of done)
    expect(metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'devenv',
      'devenv/environment': 'demo',
    })
})

describe('detectOperators', () => {
  it('finds an operator by its API and by its image in any namespace', async () => {
    await using api = await FakeApi.start()
    api.put('apps/v1/deployments', deployment('keda-x', 'mirror.local:5000/kedacore/keda:2.14.0'))
    api.put('apps/v1/deployments', deployment('other', 'quay.io/me/keda-tools:1'))
    api.put('apps/v1/statefulsets', {
      ...deployment('unrelated', 'postgres:16'),
      kind: 'StatefulSet',
    })
    api.put('apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: keda.detect.crd },
    })
    // Lists of this fake are by collection: all namespaces are asked for at once.
    api.answers.set('/apis/apps/v1/deployments', (response) =>
      response.end(
        JSON.stringify({
          apiVersion: 'apps/v1',
          kind: 'DeploymentList',
          metadata: {},
          items: [
            deployment('keda-x', 'mirror.local:5000/kedacore/keda:2.14.0'),
            deployment('other', 'quay.io/me/keda-tools:1'),
          ],
        }),
      ),
    )
    api.answers.set('/apis/apps/v1/statefulsets', (response) =>
      response.end(
        JSON.stringify({ apiVersion: 'apps/v1', kind: 'StatefulSetList', metadata: {}, items: [] }),
      ),
    )
    const [found, none] = await detectOperators(api.client(), [keda, argo])
    expect(found).toMatchObject({
      api: { owner: undefined },
      controllers: [{ kind: 'Deployment', namespace: 'tools', name: 'keda-x', version: '2.14.0' }],
    })
    expect(none).toMatchObject({ api: undefined, controllers: [] })
  })
})

describe('decideOperators', () => {
  const foreign: Found = {
    operator: keda,
    api: { owner: undefined },
    controllers: [
      { kind: 'Deployment', namespace: 'tools', name: 'keda', version: '2.14.0', owner: undefined },
    ],
  }
  const missing: Found = { operator: argo, api: undefined, controllers: [] }

  it('refuses what somebody else installed, with both versions', () => {
    expect(() => decideOperators([foreign, missing], 'demo', false)).toThrow(
      /KEDA 2\.14\.0 \(Deployment tools\/keda\); this environment wants v2\.20\.2/,
    )
  })

  it('tells what is left of one that is gone from one that works', () => {
    const left: Found = { operator: keda, api: { owner: undefined }, controllers: [] }
    const fixOf = (found: Found[]) => {
      try {
        return decideOperators(found, 'demo', false)
      } catch (thrown) {
        return (thrown as { fix: string }).fix
      }
    }
    expect(fixOf([left])).toMatch(/may be left of .*kubectl get crd \| grep keda\.sh\): remove it.*--adopt/)
    expect(fixOf([foreign])).toMatch(/^Add --adopt-operators/)
  })

  it('adopts by flag, and installs the rest', () => {
    const decided = decideOperators([foreign, missing], 'demo', true)
    expect(decided.map(({ operator, action }) => [operator.name, action])).toEqual([
      ['keda', 'adopt'],
      ['argo-cd', 'install'],
    ])
  })

  it('takes its own of an earlier run for its own, and that of another environment for foreign', () => {
    const own: Found = { operator: keda, api: { owner: 'demo' }, controllers: [] }
    expect(decideOperators([own], 'demo', false)[0]?.action).toBe('install')
    expect(() => decideOperators([own], 'other', false)).toThrow(/made by environment demo/)
  })
})
