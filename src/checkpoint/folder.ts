/** Checkpoints of an environment: copies of its state folder, kept inside it and removed with it. */
import { constants } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../lib/errors.ts'

/** What is known of a checkpoint. */
export interface Checkpoint {
  name: string
  /** RFC 3339. */
  createdAt: string
  bytes: number
}

const FOLDER = 'checkpoints'
const ABOUT = 'checkpoint.json'
const STATE = 'state'
/** Sockets and process ids belong to a running environment, logs and timings to what happened since. */
const LEFT_OUT = /^(checkpoints|kubectl-cache|.*\.sock|\.s\.PGSQL.*|.*\.log|timings\.json|\.discarded.*)$/
const NAME = /^[a-z0-9]([-a-z0-9_.]{0,38}[a-z0-9])?$/

/** All complete checkpoints, oldest first. */
export async function listCheckpoints(stateDir: string): Promise<Checkpoint[]> {
  const names = await readdir(join(stateDir, FOLDER)).catch(() => [])
  const found = await Promise.all(names.map((name) => readAbout(stateDir, name)))
  return found.filter((about) => about !== undefined).sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** Throws USAGE for a name that is none, and with those that there are when it is not there. */
export async function findCheckpoint(stateDir: string, name: string): Promise<Checkpoint> {
  const all = await listCheckpoints(stateDir)
  const found = all.find((one) => one.name === name)
  if (found) return found
  throw new DevenvError('USAGE', `there is no checkpoint "${name}"`, {
    fix:
      all.length > 0
        ? `There are ${all.map((one) => one.name).join(', ')}.`
        : `npm run checkpoint -- ${name} makes it.`,
  })
}

/** Throws USAGE when the name cannot be one, or is taken and not to be replaced. */
export async function checkFree(stateDir: string, name: string, replace: boolean): Promise<void> {
  if (!NAME.test(name))
    throw new DevenvError('USAGE', `"${name}" is no checkpoint name`, {
      fix: 'Use up to 40 lower-case letters, digits, dots, dashes and underscores.',
    })
  const taken = (await listCheckpoints(stateDir)).some((one) => one.name === name)
  if (taken && !replace)
    throw new DevenvError('USAGE', `there is a checkpoint "${name}" already`, {
      fix: 'Choose another name, or add --force to replace it.',
    })
}

/** Copies the state of an environment that is stopped. An interrupted copy is no checkpoint and is replaced. */
export async function writeCheckpoint(stateDir: string, name: string, now: Date): Promise<Checkpoint> {
  const folder = join(stateDir, FOLDER, name)
  await discard(folder)
  await mkdir(join(folder, STATE), { recursive: true, mode: 0o700 })
  const bytes = await copyState(stateDir, join(folder, STATE))
  const about: Checkpoint = { name, createdAt: now.toISOString(), bytes }
  // Written last: what has no such file is not complete.
  await writeFile(join(folder, ABOUT), JSON.stringify(about), { mode: 0o600 })
  return about
}

/** Puts the state of a stopped environment back; when that fails the present state stays. */
export async function readCheckpoint(stateDir: string, name: string): Promise<void> {
  const aside = join(stateDir, '.discarded')
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { mode: 0o700 })
  const present = (await readdir(stateDir)).filter((entry) => !LEFT_OUT.test(entry))
  for (const entry of present) await rename(join(stateDir, entry), join(aside, entry))
  try {
    await copyState(join(stateDir, FOLDER, name, STATE), stateDir)
  } catch (thrown) {
    for (const entry of (await readdir(stateDir)).filter((entry) => !LEFT_OUT.test(entry)))
      await rm(join(stateDir, entry), { recursive: true, force: true })
    for (const entry of present) await rename(join(aside, entry), join(stateDir, entry))
    throw thrown
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

export async function removeCheckpoint(stateDir: string, name: string): Promise<void> {
  await discard(join(stateDir, FOLDER, name))
}

/** The file that makes it complete goes first. */
async function discard(folder: string): Promise<void> {
  await rm(join(folder, ABOUT), { force: true })
  await rm(folder, { recursive: true, force: true })
}

async function readAbout(stateDir: string, name: string): Promise<Checkpoint | undefined> {
  try {
    return JSON.parse(await readFile(join(stateDir, FOLDER, name, ABOUT), 'utf8')) as Checkpoint
  } catch {
    return undefined
  }
}

/** Bytes copied; file systems that can share them until they change do. */
async function copyState(from: string, to: string): Promise<number> {
  let bytes = 0
  try {
    for (const entry of await readdir(from)) {
      if (LEFT_OUT.test(entry)) continue
      await cp(join(from, entry), join(to, entry), {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
        mode: constants.COPYFILE_FICLONE,
        filter: async (path) => {
          const info = await stat(path).catch(() => undefined)
          if (info?.isFile()) bytes += info.size
          return info === undefined || info.isFile() || info.isDirectory()
        },
      })
    }
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `the state could not be copied: ${messageOf(thrown)}`, {
      cause: thrown,
      exitCode: 1,
      fix: 'A checkpoint needs as much free space as the environment has state.',
    })
  }
  return bytes
}
