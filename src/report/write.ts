/** A report as files. */
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DemoReport } from '../demo/report.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { makeFolder } from '../lib/make-folder.ts'
import { type Timeline, timelineCsv } from '../load/timeline.ts'
import { renderedFiles } from './files.ts'
import { fromDemo } from './from-demo.ts'
import type { Report } from './model.ts'

/** What was measured, and everything that is rendered from it. */
export async function writeDemoReport(folder: string, report: DemoReport, timeline: Timeline): Promise<void> {
  await writeFiles(folder, {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'timeline.json': `${JSON.stringify(timeline)}\n`,
    'timeline.csv': timelineCsv(timeline),
    ...renderedFiles(fromDemo(report, timeline)),
  })
}

/** Page, charts and summary of a report whose figures are there already. */
export async function writeRendered(folder: string, report: Report): Promise<void> {
  await writeFiles(folder, renderedFiles(report))
}

/** Makes the folder. STATE_UNWRITABLE when that cannot be. */
async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  try {
    for (const [path, text] of Object.entries(files)) {
      const full = join(folder, path)
      await makeFolder(dirname(full))
      await writeFile(full, text)
    }
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `cannot write the report to ${folder}: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}
