import { expect, it } from 'vitest'
import { setTag, taggedComponents } from './set-tag.ts'

const VALUES = `# team1's own numbers
global:   {imageRegistry: ghcr.io/team1}
core-api:
  image:
    name: team1-core-api   # the API
    tag: sha-79af7ba   # CI writes this
frontend: { image: { name: team1-frontend, tag: "sha-79af7ba" } }
queueWorker:
  image: { tag: 'sha-0000001' }
worker: { tag: v1 }
llm:
  image: devenv/llm:local
`

it('changes the tag and no other byte', () => {
  expect(setTag(VALUES, 'core-api', 'sha-1234567')).toEqual({
    previous: 'sha-79af7ba',
    text: VALUES.replace('tag: sha-79af7ba   #', 'tag: sha-1234567   #'),
  })
  expect(setTag(VALUES, 'frontend', 'sha-1234567')?.text).toContain('tag: "sha-1234567" }')
  expect(setTag(VALUES, 'worker', 'v2')?.text).toContain('worker: { tag: v2 }')
  expect(setTag(VALUES, 'queue-worker', 'v2')?.text).toContain("image: { tag: 'v2' }")
})

it('quotes a tag that YAML would take for a number', () => {
  expect(setTag(VALUES, 'core-api', '1.10')?.text).toContain('tag: "1.10"   #')
})

it('knows which components have a tag', () => {
  expect(setTag(VALUES, 'llm', 'x')).toBeUndefined()
  expect(taggedComponents(VALUES)).toEqual(['core-api', 'frontend', 'queueWorker', 'worker'])
})
