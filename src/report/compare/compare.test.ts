import { describe, expect, it } from 'vitest'
import { demoReport, demoTimeline } from '../../demo/testing-report.ts'
import { randomStream } from '../../load/arrivals.ts'
import { fromDemo } from '../from-demo.ts'
import type { Report } from '../model.ts'
import { median, medianShift } from './bootstrap.ts'
import { compareReports } from './compare.ts'
import { mannWhitney } from './mann-whitney.ts'
import { comparisonMarkdown, comparisonText } from './render.ts'

/** Normally distributed values (Box and Muller), the same for a seed. */
function normal(
  seed: number,
  count: number,
  mean: number,
  deviation: number,
  random = randomStream(seed, 0),
): number[] {
  return Array.from(
    { length: count },
    () => mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

describe('mannWhitney', () => {
  // Exact values from the tables: U = 0 with 4 and 4 has 2/70, with 3 and 3 it has 2/20.
  it.each([
    [[1, 2, 3, 4], [5, 6, 7, 8], 2 / 70],
    [[1, 2, 3], [4, 5, 6], 2 / 20],
    [[1, 3, 5, 7], [2, 4, 6, 8], 0.6857],
    [[19, 22, 16, 29, 24], [20, 11, 17, 12], 0.1111],
  ])('%j against %j', (a, b, p) => {
    expect(mannWhitney(a, b)).toBeCloseTo(p, 4)
    expect(mannWhitney(b, a)).toBeCloseTo(p, 4)
  })

  it('with ties and with many values the normal distribution serves', () => {
    expect(mannWhitney([1, 1, 1, 1], [1, 1, 1, 1])).toBe(1)
    expect(mannWhitney(normal(1, 40, 100, 10), normal(2, 40, 100, 10))).toBeGreaterThan(0.05)
    expect(mannWhitney(normal(1, 40, 100, 10), normal(2, 40, 112, 10))).toBeLessThan(0.001)
  })

  it('is wrong about equal distributions as often as its level says', () => {
    // One stream for all: those of neighbouring seeds are alike.
    const random = randomStream(1, 0)
    const draw = () => normal(0, 6, 100, 10, random)
    const wrong = Array.from({ length: 1000 }, () => mannWhitney(draw(), draw())).filter(
      (p) => p < 0.05,
    ).length
    // Of six and six the arrangements below 0.05 have 4.1 % together.
    expect(wrong).toBeGreaterThan(20)
    expect(wrong).toBeLessThan(65)
  })
})

describe('medianShift', () => {
  it('holds the truth, and finds a shift', () => {
    const { ratio, low, high } = medianShift(normal(1, 60, 100, 10), normal(2, 60, 130, 13))
    expect(ratio).toBeCloseTo(1.3, 1)
    expect(low).toBeGreaterThan(1)
    expect(low).toBeLessThan(1.3)
    expect(high).toBeGreaterThan(1.3)
  })

  it('is not sure of a shift that is none', () => {
    for (let seed = 1; seed < 20; seed++) {
      const { low, high } = medianShift(normal(seed, 40, 100, 10), normal(seed + 100, 40, 100, 10))
      expect(low).toBeLessThan(1)
      expect(high).toBeGreaterThan(1)
    }
  })

  it('neighbours that are alike make it less sure', () => {
    const width = ({ low, high }: { low: number; high: number }) => high - low
    const independent = normal(3, 64, 100, 10)
    const alike = normal(3, 16, 100, 10).flatMap((value) => [value, value, value, value])
    expect(width(medianShift(alike, alike))).toBeGreaterThan(width(medianShift(independent, independent)))
  })

  it('median of even and odd counts', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  })
})

/** A run with these figures. */
function run(firstWorkerMs: number, lost = 0, latencies?: number[]): Report {
  const report = demoReport()
  report.steps[0]!.measures![0]!.value = firstWorkerMs
  report.steps[0]!.measures![1]!.value = lost
  return fromDemo(
    report,
    demoTimeline((second) => (latencies ? (latencies[second] ?? null) : 80)),
  )
}

function verdicts(a: Report[], b: Report[]): Record<string, string> {
  const { rows } = compareReports({ name: 'a', runs: a }, { name: 'b', runs: b })
  return Object.fromEntries(rows.map(({ id, verdict }) => [id, verdict]))
}

describe('compareReports', () => {
  it('does not judge one run of each by times that have no known noise', () => {
    expect(verdicts([run(2_000)], [run(4_000)])['first-worker']).toBe('unclear')
  })

  it('judges enough runs', () => {
    const before = [2_000, 2_100, 1_950, 2_050].map((ms) => run(ms))
    const slower = [2_600, 2_700, 2_650, 2_500].map((ms) => run(ms))
    const same = [2_020, 2_080, 1_960, 2_110].map((ms) => run(ms))
    expect(verdicts(before, slower)['first-worker']).toBe('worse')
    expect(verdicts(slower, before)['first-worker']).toBe('better')
    expect(verdicts(before, same)['first-worker']).toBe('no difference')
  })

  it('leaves out a difference that is sure and of no consequence', () => {
    const before = [2_000, 2_001, 2_002, 2_003].map((ms) => run(ms))
    const after = [2_010, 2_011, 2_012, 2_013].map((ms) => run(ms))
    expect(verdicts(before, after)['first-worker']).toBe('no difference')
  })

  it('a lost message is worse, without any noise', () => {
    expect(verdicts([run(2_000)], [run(2_000, 1)]).lost).toBe('worse')
    expect(verdicts([run(2_000, 2)], [run(2_000)]).lost).toBe('better')
  })

  it('latencies within a run tell, by step', () => {
    const [calm, slow, calmToo] = [normal(1, 21, 80, 4), normal(2, 21, 120, 6), normal(3, 21, 80, 4)]
    expect(verdicts([run(1, 0, calm)], [run(1, 0, slow)])).toMatchObject({ 'canary/core-api': 'worse' })
    expect(verdicts([run(1, 0, slow)], [run(1, 0, calm)])).toMatchObject({ 'canary/core-api': 'better' })
    expect(verdicts([run(1, 0, calm)], [run(1, 0, calmToo)])).toMatchObject({
      'canary/core-api': 'no difference',
    })
  })

  it('says what makes two runs hard to compare', () => {
    const other = demoReport()
    other.machine.cpu = 'another'
    const { notes } = compareReports(
      { name: 'a', runs: [run(1)] },
      { name: 'b', runs: [fromDemo(other, demoTimeline())] },
    )
    expect(notes).toEqual(['processor differs: CPU <1>, 2 cores against another, 2 cores'])
  })

  it('prints the worst first', () => {
    const comparison = compareReports({ name: 'a', runs: [run(1)] }, { name: 'b', runs: [run(1, 3)] })
    expect(comparisonText(comparison)).toMatch(/verdict\nmessages lost +0 +3 +worse \[1\]\n/)
    expect(comparisonMarkdown(comparison)).toContain('### 1 worse, 1 unclear, of 4 figures')
  })
})
