/** A load's report as files. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { makeFolder } from '../lib/make-folder.ts'
import type { LoadReport } from './report.ts'
import { type Timeline, timelineCsv } from './timeline.ts'

/** Asked for before the load runs: afterwards its report would be lost. STATE_UNWRITABLE when it cannot be. */
export async function makeReportFolder(folder: string): Promise<void> {
  await explained(folder, () => makeFolder(folder))
}

/** Into a folder that is there. STATE_UNWRITABLE when it cannot be written. */
export async function writeReport(folder: string, report: LoadReport, timeline: Timeline): Promise<void> {
  await explained(folder, async () => {
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
    await writeFile(join(folder, 'timeline.json'), `${JSON.stringify(timeline)}\n`)
    await writeFile(join(folder, 'timeline.csv'), timelineCsv(timeline))
  })
}

async function explained(folder: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `--report ${folder}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
