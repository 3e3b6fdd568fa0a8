/** Which builder an engine has, and what BuildKit says. */
import { describe, expect, it } from 'vitest'
import { builderOf, buildKitLines } from './builder.ts'

describe('the builder of an engine', () => {
  it('is BuildKit on every Docker that does not turn it off', () => {
    expect(builderOf({ server: 'Docker/28.5.2 (linux)', 'builder-version': '2' })).toBe('buildkit')
    expect(builderOf({ server: 'Docker/20.10.24+dfsg1 (linux)' })).toBe('buildkit')
    expect(builderOf({ server: 'Docker/28.5.2 (linux)', 'builder-version': '1' })).toBe('classic')
  })

  it('is the classic one on Podman, whatever else it says', () => {
    const server = 'Libpod/5.4.2 (linux)'
    expect(builderOf({ server, 'libpod-api-version': '5.4.2', 'builder-version': '2' })).toBe('classic')
  })
})

describe('BuildKit’s lines', () => {
  it('lose the digest of their step', () => {
    expect(buildKitLines('[sha256:e0840] [4/6] RUN npm install')).toEqual(['[4/6] RUN npm install'])
    expect(buildKitLines('CACHED: [2/6] WORKDIR /app')).toEqual(['CACHED: [2/6] WORKDIR /app'])
  })

  it('are decoded where a command printed them', () => {
    const printed = Buffer.from('\nadded 15 packages in 6s\r\nnpm notice\n').toString('base64')
    expect(buildKitLines(printed)).toEqual(['added 15 packages in 6s', 'npm notice'])
  })
})
