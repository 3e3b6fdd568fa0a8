/** Reports from their folders. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoReport } from '../demo/report.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { LoadReport } from '../load/report.ts'
import type { Timeline } from '../load/timeline.ts'
import { fromDemo } from './from-demo.ts'
import { fromLoad } from './from-load.ts'
import type { Report } from './model.ts'

/** The report in this folder: of a demo or of a load. USAGE when there is none, or it is none of ours. */
export async function readReport(folder: string): Promise<Report> {
  const [report, timeline] = await Promise.all(
    ['report.json', 'timeline.json'].map((name) => readJson(join(folder, name))),
  )
  if ((timeline as Partial<Timeline>).kind !== 'Timeline')
    throw noReport(folder, 'timeline.json is no Timeline')
  const { kind } = report as { kind?: string }
  if (kind === 'DemoReport') return fromDemo(report as DemoReport, timeline as Timeline)
  if (kind === 'LoadReport') return fromLoad(report as LoadReport, timeline as Timeline)
  throw noReport(folder, `report.json is a ${kind ?? 'thing without a kind'}`)
}

/** One run, or, where the folder holds folders with reports, several: `reports/before/1`, `2`, … */
export async function readRuns(folder: string): Promise<Report[]> {
  if (await isReport(folder)) return [await readReport(folder)]
  const folders = await reportsIn(folder)
  if (folders.length === 0) throw noReport(folder, 'there is no report.json, and no folder with one')
  return Promise.all(folders.map(readReport))
}

/** Folders below with a report, by name. */
export async function reportsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.sort().map(async (name) => ((await isReport(join(folder, name))) ? [join(folder, name)] : [])),
  )
  return found.flat()
}

async function isReport(folder: string): Promise<boolean> {
  return (await stat(join(folder, 'report.json')).catch(() => undefined))?.isFile() ?? false
}

async function readJson(path: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
    throw new Error('it is no object')
  } catch (thrown) {
    throw noReport(path, messageOf(thrown), thrown)
  }
}

function noReport(path: string, why: string, cause?: unknown): DevenvError {
  return new DevenvError('USAGE', `no report to read at ${path}: ${why}`, {
    cause,
    fix: 'npm run demo writes one; npm run load -- --report DIR another.',
  })
}
