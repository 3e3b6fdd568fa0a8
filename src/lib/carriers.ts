/** Which processes carry a variable in their environment: read from /proc, or asked of ps where there is none, as on macOS. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Of a machine with many processes, each with a large environment. */
const LARGEST_ANSWER = 64 * 1024 * 1024

/**
 * Ids of this user's processes, without this one, that have `assignment` (`NAME=value`) in their environment.
 * A process of another user cannot be read and does not count.
 */
export function carriersOf(
  assignment: string,
  { proc = '/proc', platform = process.platform } = {},
): number[] {
  return (fromProc(assignment, proc) ?? fromPs(askPs(platform), assignment)).filter(
    (pid) => pid !== process.pid,
  )
}

function fromProc(assignment: string, proc: string): number[] | undefined {
  let entries: string[]
  try {
    entries = readdirSync(proc)
  } catch {
    return undefined
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => carries(`${proc}/${pid}/environ`, assignment))
    .map(Number)
}

function carries(file: string, assignment: string): boolean {
  try {
    return readFileSync(file, 'utf8').split('\0').includes(assignment)
  } catch {
    return false
  }
}

/** A line a process: its id, its command, its environment. Empty where there is no ps. */
function askPs(platform: string): string {
  // The same question in BSD's words as macOS has them, and in those of procps.
  const all = platform === 'darwin' ? '-axwwE' : 'axeww'
  try {
    return execFileSync('ps', [all, '-o', 'pid=', '-o', 'command='], {
      encoding: 'utf8',
      maxBuffer: LARGEST_ANSWER,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}

/** ps has spaces alone between variables: the assignment must stand between two, or at the end. */
export function fromPs(answer: string, assignment: string): number[] {
  return answer
    .split('\n')
    .filter((line) => `${line} `.includes(` ${assignment} `))
    .map((line) => Number.parseInt(line, 10))
}
