import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { podTemplateHash, rolloutHash, sameTemplate } from './template.ts'

interface HashCase {
  name: string
  template: any
  /** What Argo Rollouts 1.9.1 computes for it, and with a collisionCount of 1. */
  hash: string
  collided: string
}

const FILE = join(import.meta.dirname, '../../../../test/golden/pod-template-hashes.json')
const CASES: HashCase[] = JSON.parse(readFileSync(FILE, 'utf8'))

describe('pod-template hash', () => {
  it.each(CASES)("equals the real controller's: $name", ({ template, hash, collided }) => {
    expect(podTemplateHash(template)).toBe(hash)
    expect(podTemplateHash(template, 1)).toBe(collided)
  })

  it('follows a change of the template and of the collision count', () => {
    const rollout = { spec: { template: CASES[0]!.template }, status: {} } as KubeObject
    const first = rolloutHash(rollout)
    const collided = rolloutHash({ ...rollout, status: { collisionCount: 1 } })
    const changed = rolloutHash({ ...rollout, spec: { template: CASES[1]!.template } })
    expect(new Set([first, collided, changed]).size).toBe(3)
  })
})

describe('equality of templates', () => {
  it("takes a template for the ReplicaSet's that the API stored of it", () => {
    const written = {
      metadata: {},
      spec: { containers: [{ name: 'a', image: 'b:1', env: [], resources: { limits: { cpu: '1000m' } } }] },
    }
    const stored = {
      metadata: { labels: { 'rollouts-pod-template-hash': 'x' } },
      spec: { containers: [{ name: 'a', image: 'b:1', resources: { limits: { cpu: '1' } } }] },
    }
    expect(sameTemplate(stored, written)).toBe(true)
    expect(sameTemplate({ ...stored, spec: { ...stored.spec, hostNetwork: true } }, written)).toBe(false)
  })
})
