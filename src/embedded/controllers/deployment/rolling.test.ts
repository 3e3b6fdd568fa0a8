/** The arithmetic of one rolling step: ReplicaSets in, sizes out. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { deployment as manifestOf, podTemplate, stored } from '../testing/builders.ts'
import { reconcileDeployment } from './reconcile.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')

interface Size {
  spec: number
  available?: number
}

function replicaSet(
  deployment: KubeObject,
  name: string,
  image: string,
  { spec, available = spec }: Size,
): KubeObject {
  const { replicas } = deployment.spec
  return stored('apps/v1', 'ReplicaSet', name, {
    metadata: {
      creationTimestamp: `2026-01-01T0${name.at(-1)}:00:00Z`,
      annotations: { 'deployment.kubernetes.io/desired-replicas': String(replicas) },
    },
    spec: { replicas: spec, template: podTemplate('web', image) },
    status: { replicas: spec, readyReplicas: available, availableReplicas: available, observedGeneration: 1 },
  })
}

/** Sizes after one step: web-1 and web-2 are old, web-3 has the current template. */
function step(
  replicas: number,
  limits: [surge: number | string, unavailable: number | string],
  sets: Size[],
) {
  const [maxSurge, maxUnavailable] = limits
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
  const { spec } = manifestOf('web', { replicas, strategy, template: podTemplate('web', 'app:3') })
  const deployment = stored('apps/v1', 'Deployment', 'web', { spec })
  const replicaSets = sets.map((size, at) => replicaSet(deployment, `web-${at + 1}`, `app:${at + 1}`, size))
  const { changes } = reconcileDeployment({ deployment, replicaSets, pods: [], now: NOW })
  const sizes = new Map(replicaSets.map((one) => [one.metadata.name, one.spec.replicas]))
  for (const change of changes) {
    if (change.verb !== 'patch' || change.resource !== 'apps/v1/replicasets') continue
    const patched = (change.patch as { spec?: { replicas?: number } }).spec?.replicas
    if (patched !== undefined) sizes.set(change.name, patched)
  }
  return [...sizes.values()]
}

describe('one step', () => {
  it.each([
    ['up by the surge first', 3, ['25%', '25%'], [{ spec: 0 }, { spec: 3 }, { spec: 0 }], [0, 3, 1]],
    [
      'not down before the new one serves',
      3,
      ['25%', '25%'],
      [{ spec: 0 }, { spec: 3 }, { spec: 1, available: 0 }],
      [0, 3, 1],
    ],
    ['down when it serves', 3, ['25%', '25%'], [{ spec: 0 }, { spec: 3 }, { spec: 1 }], [0, 2, 1]],
    ['up again in the room that made', 3, ['25%', '25%'], [{ spec: 0 }, { spec: 2 }, { spec: 1 }], [0, 2, 2]],
    ['without surge down first', 3, [0, 1], [{ spec: 0 }, { spec: 3 }, { spec: 0 }], [0, 2, 0]],
    ['both zero: one may be missing', 3, [0, 0], [{ spec: 0 }, { spec: 3 }, { spec: 0 }], [0, 2, 0]],
    [
      'unhealthy old pods go first, oldest set first',
      4,
      [2, 1],
      [{ spec: 1, available: 0 }, { spec: 3 }, { spec: 2, available: 0 }],
      [0, 3, 2],
    ],
    ['several old sets, the oldest first', 4, [0, 2], [{ spec: 2 }, { spec: 2 }, { spec: 0 }], [0, 2, 0]],
    ['a new set that is too large shrinks', 2, [1, 0], [{ spec: 0 }, { spec: 0 }, { spec: 5 }], [0, 0, 2]],
    ['nothing to do', 2, [1, 0], [{ spec: 0 }, { spec: 0 }, { spec: 2 }], [0, 0, 2]],
  ] as [string, number, [number | string, number | string], Size[], number[]][])(
    '%s',
    (_name, replicas, limits, sets, sizes) => {
      expect(step(replicas, limits, sets)).toEqual(sizes)
    },
  )
})
