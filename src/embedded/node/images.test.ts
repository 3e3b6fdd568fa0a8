/** Image references against patterns. */
import { describe, expect, it } from 'vitest'
import { findRunner, parseImages, unmappedMessage } from './images.ts'

const images = parseImages(
  {
    images: [
      { match: 'ghcr.io/team/app:sha-*-mine', runner: { kind: 'exec', command: ['mine'] } },
      { match: 'ghcr.io/team/*', runner: { kind: 'node', entry: 'a.ts', env: { X: '1' } } },
      { match: 'rabbitmq:*', runner: { kind: 'rabbitmq' } },
      { match: 'registry:5000/db', runner: { kind: 'exec', command: ['db'] } },
    ],
  },
  'devenv/images.yaml',
)

describe('findRunner', () => {
  it.each([
    ['ghcr.io/team/app:sha-1-mine', 'exec'],
    ['ghcr.io/team/app:sha-1', 'node'],
    ['ghcr.io/team/app@sha256:00', 'node'],
    ['rabbitmq:3.13-management-alpine', 'rabbitmq'],
    ['registry:5000/db:1', 'exec'],
    ['xrabbitmq:3', undefined],
    ['ghcrXio/team/app', undefined],
  ])('%s → %s', (reference, kind) => {
    expect(findRunner(images, reference)?.kind).toBe(kind)
  })

  it('says which file and line are missing', () => {
    expect(unmappedMessage(images, 'nginx:1.27')).toContain('devenv/images.yaml')
    expect(unmappedMessage(images, 'nginx:1.27')).toContain('match: "nginx"')
  })
})

it.each([
  [{}, '"images" must be a list'],
  [{ images: [{ runner: { kind: 'rabbitmq' } }] }, 'images[0].match'],
  [{ images: [{ match: 'a', runner: { kind: 'docker' } }] }, 'runner.kind'],
  [{ images: [{ match: 'a', runner: { kind: 'exec', command: [] } }] }, 'runner.command'],
])('refuses %j', (document, message) => {
  expect(() => parseImages(document, 'f')).toThrow(message)
})
