import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { demoReport, demoTimeline } from '../demo/testing-report.ts'
import { bandsOf } from './bands.ts'
import { NARROW } from './charts/chart.ts'
import { chartsOf } from './charts/choose.ts'
import { drawChart } from './charts/draw.ts'
import { scalesOf } from './charts/scales.ts'
import { renderedFiles } from './files.ts'
import { fromDemo } from './from-demo.ts'

const report = fromDemo(demoReport(), demoTimeline())
const charts = chartsOf(report.timeline, bandsOf(report.steps), report.durationMs)

describe('charts', () => {
  it('are those that have something to show, without queues that nobody used', () => {
    expect(charts.map(({ id, lines }) => [id, ...lines.map(({ label }) => label)])).toEqual([
      ['depth', 'question: waiting'],
      ['replicas', 'question: ready'],
      ['latency', 'core-api: p50'],
      ['canary', 'core-api: weight asked for'],
    ])
  })

  it('give a subject one colour', () => {
    const colors = charts.flatMap(({ lines }) =>
      lines.map(({ label, color }) => [label.split(':')[0], color]),
    )
    expect(new Set(colors.map(String)).size).toBe(2)
  })

  it('say in words what they show', () => {
    expect(charts[0]!.description).toBe(
      'question: waiting: at most 100 messages, at 0:00. Steps: 1 Burst: zero to five 0:00 to 0:10; 2 A canary & its traffic 0:10 to 0:20.',
    )
  })

  it('put values where the axes say', () => {
    const scales = scalesOf(charts[0]!, NARROW)
    const mark = scales.yMarks.find(({ label }) => label === '100')!
    expect(scales.y(100)).toBe(mark.at)
    expect(scales.y(0)).toBe(scales.bottom)
    expect(scales.x(10_000)).toBe(scales.xMarks.find(({ label }) => label === '0:10')!.at)
    const latency = scalesOf(charts[2]!, NARROW)
    expect(latency.yMarks.map(({ label }) => label)).toEqual(['10 ms', '100 ms'])
    expect(latency.y(80)).toBeGreaterThan(latency.y(100))
  })

  it('leave gaps where nothing is known, and show a value that stands alone', () => {
    const lonely = chartsOf(
      demoTimeline((second) => (second === 5 ? 70 : null)),
      [],
      20_000,
    )
    const svg = drawChart(lonely.find(({ id }) => id === 'latency')!, NARROW, 'narrow')
    expect(svg).toContain('<circle')
    const weight = drawChart(charts[3]!, NARROW, 'narrow')
    expect(/class="line c\d" d="M([\d.]+)/.exec(weight)?.[1]).toBe(
      String(scalesOf(charts[3]!, NARROW).x(10_000)),
    )
  })

  it('are well-formed, titled and described', () => {
    const svg = drawChart(charts[0]!, NARROW, 'narrow')
    expect(XMLValidator.validate(svg)).toBe(true)
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(svg).svg
    expect(parsed['@_aria-labelledby']).toBe(`${parsed.title['@_id']} ${parsed.desc['@_id']}`)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('files', () => {
  const files = renderedFiles(report)

  it('are a page, a summary and a drawing of each chart', () => {
    expect(Object.keys(files)).toEqual([
      'index.html',
      'summary.md',
      'charts/depth.svg',
      'charts/replicas.svg',
      'charts/latency.svg',
      'charts/canary.svg',
    ])
    expect(XMLValidator.validate(files['charts/depth.svg']!)).toBe(true)
  })

  it('the page loads nothing, runs nothing, and has every id once', () => {
    const page = files['index.html']!
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\ssrc=|\son\w+=/)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('texts of the cluster stay texts', () => {
    expect(files['index.html']).toContain('3 of 50 requests | &lt;b&gt;')
    expect(files['index.html']).toContain('CPU &lt;1&gt;')
    expect(files['summary.md']).toContain('3 of 50 requests \\| &lt;b>')
  })

  it('the summary of a failed step has what failed', () => {
    expect(files['summary.md']).toContain('### ❌ The team1 stack, demonstrated: failed')
    expect(files['summary.md']).toMatch(/❌ \| A canary & its traffic \| error rate 0: \*\*3 of 50.*\*\* \|/)
    expect(files['summary.md']).not.toContain('stable: **sha-1**')
  })

  it('every chart has its figures as a table', () => {
    expect(files['index.html']!.match(/<summary>As a table/g)).toHaveLength(4)
    expect(files['index.html']).toContain('<th scope="row">0:05</th><td class="number">50</td>')
  })
})
