import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { isAwaited } from './awaited.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')

function externalSecret(status: 'True' | 'False', since: string, target?: string): KubeObject {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'broker', namespace: 'n' },
    spec: target ? { target: { name: target } } : {},
    status: { conditions: [{ type: 'Ready', status, lastTransitionTime: since }] },
  }
}

it('awaits a Secret until its ExternalSecret is ready, and as long after as a pod may not have noticed', () => {
  const awaited = (one: KubeObject) => isAwaited('broker', [one], NOW)
  expect(awaited(externalSecret('False', '2026-01-01T00:00:00Z'))).toBe(true)
  expect(awaited({ ...externalSecret('False', ''), status: undefined })).toBe(true)
  expect(awaited(externalSecret('True', '2026-01-01T00:09:46Z'))).toBe(true)
  expect(awaited(externalSecret('True', '2026-01-01T00:08:59Z'))).toBe(false)
})

it('awaits nothing that no ExternalSecret makes', () => {
  expect(isAwaited('broker', [], NOW)).toBe(false)
  expect(isAwaited('broker', [externalSecret('False', '', 'other')], NOW)).toBe(false)
  expect(isAwaited('other', [externalSecret('False', '', 'other')], NOW)).toBe(true)
})
