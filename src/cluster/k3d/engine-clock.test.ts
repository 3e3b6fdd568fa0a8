import { describe, expect, it } from 'vitest'
import { checkClock } from './engine-clock.ts'

const NOW = Date.parse('2026-11-26T12:00:00Z')

/** What is told about an engine whose clock shows that time. */
function told(SystemTime: string | undefined, isNew = true): string[] {
  const heard: string[] = []
  const info = { product: 'Colima', ...(SystemTime ? { SystemTime } : {}) }
  checkClock(info, { now: NOW, isNew }, (what) => heard.push(what))
  return heard
}

describe('checkClock', () => {
  it('says nothing where the clocks agree, or the engine does not tell its time', () => {
    expect(told('2026-11-26T12:00:02.5Z')).toEqual([])
    expect(told(undefined)).toEqual([])
  })

  it('tells of one that slept', () => {
    expect(told('2026-11-26T09:00:00Z')).toEqual([
      "the clock of Colima is 3 h 00 min behind this machine's; a restart of Colima sets it right",
    ])
  })

  it('refuses one whose new certificates this machine would not take: k3s dates them back by an hour only', () => {
    expect(told('2026-11-26T12:30:00Z')).toHaveLength(1)
    expect(() => told('2026-11-26T15:00:00Z')).toThrow(
      expect.objectContaining({
        code: 'PREFLIGHT',
        message: expect.stringMatching(/3 h 00 min ahead of .* not be valid yet$/),
        fix: expect.stringContaining('restart Colima'),
      }),
    )
    // Those of a cluster that is there are as old as it is.
    expect(told('2026-11-26T15:00:00Z', false)).toHaveLength(1)
  })
})
