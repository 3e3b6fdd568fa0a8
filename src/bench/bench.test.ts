import { describe, expect, it } from 'vitest'
import { benchOf } from './bench.ts'

describe('benchOf', () => {
  it('takes medians, and the ratio pair by pair', () => {
    const runs = [
      { ours: 10, yardstick: 10 },
      { ours: 30, yardstick: 10 },
      { ours: 12, yardstick: 6 },
    ]
    expect(benchOf('up', 'ms', runs)).toMatchObject({ ours: 12, yardstick: 10, ratio: 2, unit: 'ms', runs })
  })

  it('averages the middle two of an even count', () => {
    expect(
      benchOf('up', 'ms', [
        { ours: 1, yardstick: 1 },
        { ours: 3, yardstick: 1 },
      ]),
    ).toMatchObject({ ours: 2, ratio: 2 })
  })
})
