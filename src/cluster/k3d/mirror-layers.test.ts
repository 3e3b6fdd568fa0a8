import { expect, it } from 'vitest'
import { linksOf, missingLayers } from './mirror-layers.ts'

const BASE = 'a'.repeat(64)
const OWN = 'b'.repeat(64)
const GONE = 'c'.repeat(64)
const IMAGE = 'd'.repeat(64)

it('finds layers that the stores have, but not for each repository that needs them', () => {
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
  const other = { layers: new Map(), wanted: new Map([['argoproj/argo-rollouts', new Set([BASE, GONE])]]) }
  const stores = [other, { layers, wanted }]
  // What nobody has pulled stays to be pulled.
  expect(missingLayers(stores, 1)).toEqual({
    links: [{ repository: 'kedacore/keda-webhooks', digest: BASE }],
    blobs: [],
  })
  expect(missingLayers(stores, 0)).toEqual({
    links: [{ repository: 'argoproj/argo-rollouts', digest: BASE }],
    blobs: [{ digest: BASE, from: 1 }],
  })
})
