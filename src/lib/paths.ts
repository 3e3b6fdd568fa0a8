/** Where things are: XDG folders for cache and state, all of them moved by DEVENV_HOME; private to the user. */
import { createHash, randomBytes } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { DevenvError, messageOf } from './errors.ts'
import { makeFolder } from './make-folder.ts'

type Env = Record<string, string | undefined>

/** Downloads and unpacked packages, shared by all environments; may be deleted at any time. */
export function cacheDir(env: Env = process.env): string {
  if (env.DEVENV_HOME) return join(resolve(env.DEVENV_HOME), 'cache')
  return join(absolute(env.XDG_CACHE_HOME) ?? join(home(env), '.cache'), 'devenv')
}

/** The folder that holds one folder per environment. */
export function stateRoot(env: Env = process.env): string {
  if (env.DEVENV_HOME) return join(resolve(env.DEVENV_HOME), 'state')
  return join(absolute(env.XDG_STATE_HOME) ?? join(home(env), '.local', 'state'), 'devenv')
}

/** One environment's folder: run record, kubeconfig, logs, sockets. */
export function stateDir(name: string, env: Env = process.env): string {
  return join(stateRoot(env), validName(name))
}

/** Names of all environments that have a state folder, sorted. */
export async function listEnvironments(env: Env = process.env): Promise<string[]> {
  try {
    const entries = await readdir(stateRoot(env), { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
      .map((entry) => entry.name)
      .sort()
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return []
    throw unwritable(stateRoot(env), thrown)
  }
}

/** The environment's name for a checkout: its folder's name and six hex digits of its path. */
export function environmentName(checkout: string): string {
  const path = resolve(checkout)
  const word = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 20)
    .replace(/-+$/, '')
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 6)
  return `${word || 'devenv'}-${hash}`
}

// A name becomes part of labels, node names and socket paths, so it is a short DNS label.
const NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/

/** The name itself if it can be used; USAGE otherwise. */
export function validName(name: string): string {
  if (NAME.test(name)) return name
  throw new DevenvError('USAGE', `"${name}" is no environment name`, {
    fix: 'Use up to 40 lower-case letters, digits and dashes, beginning and ending with a letter or digit.',
  })
}

/** The folder with an environment's git repositories, `NAME.git` each, below its state folder. */
export function gitRoot(stateDirectory: string): string {
  return join(stateDirectory, 'git')
}

/** Makes a folder and its parents, readable by the user only. */
export async function ensureDir(path: string): Promise<string> {
  try {
    await makeFolder(path, 0o700)
    return path
  } catch (thrown) {
    throw unwritable(path, thrown)
  }
}

/** Writes a file so that a reader sees the old content or the new, never a part; mode 0600 unless told. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    await ensureDir(dirname(path))
    await writeFile(temporary, content, { mode, flush: true })
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw unwritable(path, thrown)
  }
}

function home(env: Env): string {
  return absolute(env.HOME) ?? homedir()
}

// The XDG specification tells programs to ignore relative paths.
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined
}

function unwritable(path: string, thrown: unknown): Error {
  if (thrown instanceof DevenvError) return thrown
  return new DevenvError('STATE_UNWRITABLE', `cannot use ${path}: ${messageOf(thrown)}`, {
    cause: thrown,
    fix: isCode(thrown, 'ENOSPC')
      ? 'Free some space on that disk, or point DEVENV_HOME at a folder on another one.'
      : 'Make that folder yours and writable, or point DEVENV_HOME at a folder that is.',
  })
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}
