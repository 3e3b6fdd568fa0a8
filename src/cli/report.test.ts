import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { demoReport, demoTimeline } from '../demo/testing-report.ts'
import { register as registerDemo } from './demo.ts'
import { register } from './report.ts'
import { runCommand } from './testing-io.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devenv-report-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function written(
  path: string,
  change: (report: ReturnType<typeof demoReport>) => void = () => undefined,
) {
  const report = demoReport()
  change(report)
  await mkdir(join(folder, path), { recursive: true })
  await writeFile(join(folder, path, 'report.json'), JSON.stringify(report))
  await writeFile(join(folder, path, 'timeline.json'), JSON.stringify(demoTimeline()))
  return join(folder, path)
}

const report = (...args: string[]) => runCommand(register, ['report', ...args], {}, folder)

it('open renders the newest report, and says where it is', async () => {
  await written('reports/demo-2026-01-01T000000')
  const newest = await written('reports/demo-2026-01-02T000000')
  const { stdout, error } = await report('open', '--no-browser')
  expect(error).toBeUndefined()
  expect(stdout).toBe(`${join(newest, 'index.html')}\n`)
  expect(await readFile(join(newest, 'index.html'), 'utf8')).toContain('<!doctype html>')
})

it('open without any report says how to get one', async () => {
  expect((await report('open')).error).toMatchObject({ code: 'USAGE', fix: 'npm run demo' })
})

it('a folder that is no report is a usage error', async () => {
  await mkdir(join(folder, 'x'))
  await writeFile(join(folder, 'x', 'report.json'), '{"kind":"Status"}')
  await writeFile(join(folder, 'x', 'timeline.json'), '{"kind":"Timeline"}')
  expect((await report('open', join(folder, 'x'))).error).toMatchObject({ code: 'USAGE' })
  expect((await report('compare', join(folder, 'y'), folder)).error).toMatchObject({ code: 'USAGE' })
})

it('compare --strict fails when something got worse', async () => {
  const a = await written('a')
  const b = await written('b', ({ steps }) => {
    steps[0]!.measures![1]!.value = 2
  })
  expect((await report('compare', a, a, '--strict')).exitCode).toBe(0)
  const worse = await report('compare', a, b, '--strict', '--json')
  expect(worse.exitCode).toBe(1)
  expect(JSON.parse(worse.stdout)).toMatchObject({ kind: 'ReportComparison', rows: expect.any(Array) })
})

it('compare takes a folder of reports as several runs', async () => {
  for (const run of ['1', '2', '3', '4']) {
    await written(`before/${run}`)
    await written(`after/${run}`, ({ steps }) => {
      steps[0]!.measures![0]!.value = 4_000 + Number(run)
    })
  }
  const { stdout } = await report('compare', join(folder, 'before'), join(folder, 'after'))
  expect(stdout).toMatch(/first worker ready +2 s +4 s +/)
})

it('demo --list needs no environment, --step needs a terminal', async () => {
  const demo = (...args: string[]) => runCommand(registerDemo, ['demo', ...args], {}, folder)
  const { stdout } = await demo('--list', '--only', '7')
  expect(stdout).toMatch(/^7 {2}bad-release {2}A bad release, aborted\n/)
  expect((await demo('--step', '--no-input')).error).toMatchObject({ code: 'USAGE' })
  expect((await demo('--only', 'nothing')).error).toMatchObject({ code: 'USAGE' })
})
