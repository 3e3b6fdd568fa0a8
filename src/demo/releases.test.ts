import { expect, it } from 'vitest'
import { withReleases } from './releases.ts'

it('adds the versions that are released to the images of core-api only', () => {
  const images = ['ghcr.io/team/team1-core-api:sha-1', 'localhost:5000/frontend:sha-1', 'rabbitmq:3.13']
  expect(withReleases(images, { good: ['a', 'b'], bad: 'c' })).toEqual([
    ...images,
    'ghcr.io/team/team1-core-api:a',
    'ghcr.io/team/team1-core-api:b',
    'ghcr.io/team/team1-core-api:c',
  ])
})
