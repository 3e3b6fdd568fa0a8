/** Every namespace gets its default ServiceAccount and the CA certificate, and gets them back. */
import { expect, it } from 'vitest'
import { TestCluster } from '../testing/cluster.ts'
import { ROOT_CA, serviceAccountController } from './controller.ts'

const caCertificate = 'a certificate'

it('creates both, restores what is deleted or changed, and leaves a going namespace alone', async () => {
  await using cluster = new TestCluster([serviceAccountController({ caCertificate })])
  const { client } = cluster
  client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } })
  await cluster.settle()
  expect(client.get('v1/serviceaccounts', 'team', 'default')).toBeDefined()
  expect(client.get('v1/configmaps', 'team', ROOT_CA)!.data).toEqual({ 'ca.crt': caCertificate })

  client.delete('v1/serviceaccounts', 'team', 'default')
  client.patch('v1/configmaps', 'team', ROOT_CA, { data: { 'ca.crt': 'x' } }, { type: 'merge' })
  await cluster.settle()
  expect(client.get('v1/serviceaccounts', 'team', 'default')).toBeDefined()
  expect(client.get('v1/configmaps', 'team', ROOT_CA)!.data).toEqual({ 'ca.crt': caCertificate })

  const hold = { metadata: { finalizers: ['x.io/hold'] } }
  client.patch('v1/namespaces', undefined, 'team', hold, { type: 'merge' })
  client.delete('v1/namespaces', undefined, 'team')
  client.delete('v1/serviceaccounts', 'team', 'default')
  await cluster.settle()
  expect(client.get('v1/serviceaccounts', 'team', 'default')).toBeUndefined()
})
