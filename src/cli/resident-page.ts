/** Starts the page as a process of its own, which lives until the environment goes. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { servedPage } from '../dashboard/resident.ts'
import { ENVIRONMENT_MARK, environmentMark, startDaemon } from '../lib/daemon.ts'
import { stateDir } from '../lib/paths.ts'
import type { Io } from './io.ts'

/** What the page's process tells the one that started it. */
export type PageMessage = { url: string } | { failure: string }

/**
 * The address, with its token, of the page of the environment `name`: of the one that is served, or of a new
 * process. Answers why there is none instead of throwing: an environment is none the worse without it.
 */
export async function residentPage(name: string, io: Io): Promise<PageMessage> {
  const folder = stateDir(name, io.env)
  const served = await servedPage(folder)
  if (served) return { url: served }
  const logFile = join(folder, 'dashboard.log')
  // The whole environment, as a page in a terminal would have it: a cluster's credentials may be a program's.
  const env = Object.fromEntries(
    Object.entries(io.env).filter((entry): entry is [string, string] => !!entry[1]),
  )
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const daemon = startDaemon<PageMessage>({
      args: [join(io.checkout, 'src', 'main.ts'), 'dashboard', '--resident', '--name', name],
      cwd: folder,
      env: { ...env, [ENVIRONMENT_MARK]: environmentMark(name, folder) },
      logFile,
    })
    try {
      for await (const message of daemon.messages) return message
      return { failure: `its process ended, see ${logFile}` }
    } finally {
      daemon.release()
    }
  } catch (thrown) {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
