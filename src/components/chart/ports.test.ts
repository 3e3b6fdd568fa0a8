import { expect, test } from 'vitest'
import { portsOf } from './ports.ts'

const manifest = (kind: string, name: string, spec: object) => ({
  source: 'x.yaml',
  object: { apiVersion: 'v1', kind, metadata: { name }, spec },
})

test('ports of Services and containers, each once; what nothing listens on is left out', () => {
  const pod = {
    containers: [{ ports: [{ containerPort: 8000 }, { containerPort: 53, protocol: 'UDP' }] }, {}],
  }
  expect(
    portsOf([
      manifest('Service', 'api', { ports: [{ port: 8000 }, { port: 80 }] }),
      manifest('Service', 'elsewhere', { type: 'ExternalName', ports: [{ port: 5432 }] }),
      manifest('Deployment', 'api', { template: { spec: pod } }),
      manifest('Pod', 'one', { containers: [{ ports: [{ containerPort: 9000 }] }] }),
      manifest('ConfigMap', 'c', {}),
    ]),
  ).toEqual([
    { port: 80, owner: 'Service api' },
    { port: 8000, owner: 'Service api' },
    { port: 9000, owner: 'Pod one' },
  ])
})
