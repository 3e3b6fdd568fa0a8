import { expect, it } from 'vitest'
import { linksOf, missingLinks } from './mirror-layers.ts'

const BASE = 'a'.repeat(64)
const OWN = 'b'.repeat(64)
const GONE = 'c'.repeat(64)
const IMAGE = 'd'.repeat(64)

it('finds layers that a store has, but not for each repository that needs them', () => {
  const { layers, revisions } = linksOf([
    `repositories/kedacore/keda/_layers/sha256/${BASE}/link`,
    `repositories/kedacore/keda-webhooks/_layers/sha256/${OWN}/link`,
    `repositories/kedacore/keda-webhooks/_manifests/revisions/sha256/${IMAGE}/link`,
    `repositories/kedacore/keda-webhooks/_manifests/tags/1/current/link`,
    'repositories/kedacore/keda-webhooks/',
  ])
  expect(revisions).toEqual(new Map([['kedacore/keda-webhooks', new Set([IMAGE])]]))
  const wanted = new Map([
    ['kedacore/keda-webhooks', new Set([BASE, OWN, GONE])],
    ['kedacore/keda', new Set([BASE])],
  ])
  // What nobody has pulled stays to be pulled.
  expect(missingLinks(layers, wanted)).toEqual([{ repository: 'kedacore/keda-webhooks', digest: BASE }])
})
