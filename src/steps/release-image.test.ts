import { expect, it } from 'vitest'
import { withTag } from './release-image.ts'

it.each([
  ['ghcr.io/team/core-api:sha-1', 'ghcr.io/team/core-api:sha-2'],
  ['localhost:5000/core-api', 'localhost:5000/core-api:sha-2'],
  ['ghcr.io/team/core-api:sha-1@sha256:abc', 'ghcr.io/team/core-api:sha-2'],
])('%s becomes %s', (image, expected) => {
  expect(withTag(image, 'sha-2')).toBe(expected)
})
