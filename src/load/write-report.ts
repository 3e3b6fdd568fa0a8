/** A load's report as files. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { LoadReport } from './report.ts'
import { type Timeline, timelineCsv } from './timeline.ts'

/** Makes the folder. STATE_UNWRITABLE when that cannot be. */
export async function writeReport(folder: string, report: LoadReport, timeline: Timeline): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
    await writeFile(join(folder, 'timeline.json'), `${JSON.stringify(timeline)}\n`)
    await writeFile(join(folder, 'timeline.csv'), timelineCsv(timeline))
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `--report ${folder}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
