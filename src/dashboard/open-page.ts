/** Opens the page in the user's browser without showing its token to other users of this machine. */
import { join } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { run } from '../lib/exec.ts'
import { writeFileAtomic } from '../lib/paths.ts'

const TIMEOUT_MS = 10_000

/**
 * Command lines can be read by everybody on the machine, so the browser gets a private file that leads on to the page.
 * Answers why it could not be opened, if it could not.
 */
export async function openPage(
  stateDirectory: string,
  url: string,
  env: Record<string, string | undefined>,
): Promise<string | undefined> {
  const mac = process.platform === 'darwin'
  if (!mac && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display here'
  const file = join(stateDirectory, 'dashboard.html')
  await writeFileAtomic(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">\n`)
  try {
    await run(mac ? 'open' : 'xdg-open', [file], { timeoutMs: TIMEOUT_MS })
    return undefined
  } catch (thrown) {
    return messageOf(thrown).split('\n')[0]
  }
}
