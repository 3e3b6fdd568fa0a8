/** The whole story, for real: every step passes, the report is there, and the environment is left as it was found. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DemoReport } from '../../src/demo/report.ts'
import type { Timeline } from '../../src/load/timeline.ts'
import { type Sandbox, sandbox } from './devenv.ts'

/** Time is not what is tested here: the machine may be busy with other tests. */
const TOLERANCE = '4'
const IDS = ['rest', 'burst', 'drained', 'zero', 'killed', 'canary', 'bad-release', 'rotation', 'drift']

describe('devenv demo', () => {
  let box: Sandbox
  const folder = (name: string) => join(box.stateRoot, name)

  beforeAll(async () => {
    box = await sandbox()
    const up = await box.devenv('up', '--cluster', 'embedded')
    expect(up.code, up.stderr).toBe(0)
  })
  afterAll(() => box?.[Symbol.asyncDispose]())

  it('every step passes, and the exit code says so', { timeout: 900_000 }, async () => {
    const junit = folder('demo.xml')
    const args = ['demo', '--tolerance', TOLERANCE, '--report', folder('report'), '--junit', junit, '--json']
    const ran = await box.devenv(...args)
    expect(ran.code, ran.stderr).toBe(0)
    const report = JSON.parse(ran.stdout) as DemoReport
    expect(report).toMatchObject({ kind: 'DemoReport', verdict: 'passed', cluster: { kind: 'embedded' } })
    expect(report.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(IDS.map((id) => `${id} passed`))
    expect(await readFile(junit, 'utf8')).toContain('tests="9" failures="0"')
  })

  it('the report has the page, and what was measured over time', async () => {
    expect(await readFile(join(folder('report'), 'index.html'), 'utf8')).toContain('9 of 9 steps passed')
    const timeline = JSON.parse(await readFile(join(folder('report'), 'timeline.json'), 'utf8')) as Timeline
    const highest = (subject: string, measure: string) => {
      const found = timeline.series.find((one) => one.subject === subject && one.measure === measure)
      return Math.max(...(found?.values ?? []).map(Number))
    }
    expect(highest('question_generation_task', 'replicas.ready')).toBe(5)
    expect(highest('question_generation_task', 'depth')).toBeGreaterThan(50)
    expect(highest('core-api', 'weight.asked')).toBe(100)
    expect(highest('core-api', 'latency.p95')).toBeGreaterThan(0)
  })

  it('no password is in what it leaves behind', async () => {
    const values = await readFile(join(box.stateRoot, 'devenv', box.name, 'secrets.json'), 'utf8')
    const secrets = Object.values(JSON.parse(values) as Record<string, string>).filter(
      (one) => one.length >= 20,
    )
    expect(secrets.length).toBeGreaterThan(2)
    for (const file of ['index.html', 'report.json', 'timeline.json', 'summary.md']) {
      const text = await readFile(join(folder('report'), file), 'utf8')
      for (const secret of secrets) expect(text.includes(secret), file).toBe(false)
    }
  })

  it('a canary that fails is a failed demo, and is taken back', { timeout: 600_000 }, async () => {
    const args = ['demo', '--only', 'canary', '--tag', 'sha-bad0000', '--tolerance', '0.1']
    const ran = await box.devenv(...args, '--report', folder('failed'), '--json')
    expect(ran.code, ran.stderr).toBe(1)
    const { verdict, steps } = JSON.parse(ran.stdout) as DemoReport
    expect(verdict).toBe('failed')
    expect(steps[0]).toMatchObject({
      status: 'failed',
      undone: [expect.stringMatching(/^sha-\w+ is released again$/)],
    })
    const { phase } = await box.json<{ phase: string }>('status')
    expect(phase).toBe('Ready')
  })
})
