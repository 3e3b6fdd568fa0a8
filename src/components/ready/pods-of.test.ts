import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { podsOf } from './pods.ts'

const LABELS = { app: 'web' }
const pod = (phase: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: phase, labels: LABELS },
  status: { phase },
})

it('counts no pod that was evicted: another is there in its place', () => {
  const owner = { ...pod('owner'), kind: 'Deployment', spec: { selector: { matchLabels: LABELS } } }
  const found = podsOf(owner, ['Running', 'Failed', 'Succeeded', 'Pending'].map(pod))
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['Running', 'Pending'])
})
