import { expect, it } from 'vitest'
import { inOrder } from './install.ts'
import type { KubeObject } from './object.ts'

const object = (apiVersion: string, kind: string, name: string, spec?: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...(spec ? { spec } : {}),
})

it('applies definitions, then what the API server knows by itself, and what they define when they are served', () => {
  const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'stores.example.com', {
    group: 'example.com',
    names: { kind: 'Store', plural: 'stores' },
    versions: [{ name: 'v1', served: true }],
  })
  const store = object('example.com/v1', 'Store', 'main')
  const webhook = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'check')
  const deployment = object('apps/v1', 'Deployment', 'controller')
  const account = object('v1', 'ServiceAccount', 'controller')
  const namespace = object('v1', 'Namespace', 'system')
  expect(inOrder([webhook, store, deployment, account, crd, namespace])).toEqual({
    definitions: [crd, namespace],
    waves: [[account], [deployment], [webhook]],
    custom: [store],
  })
})
