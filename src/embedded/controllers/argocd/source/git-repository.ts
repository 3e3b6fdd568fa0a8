/** A git repository: one on this machine is read in place, any other through a mirror in the cache. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import { git } from '../../../../lib/git.ts'
import { watchRefs } from '../../../git/watch-refs.ts'
import { checkOut } from './checkout.ts'
import type { Repository } from './repository.ts'

/** Checked out commits that are kept beside the newest: those that a rollback or a comparison may want. */
const KEPT_CHECKOUTS = 4
const COMMIT = /^[0-9a-f]{40}$/
const FETCH_TIMEOUT_MS = 90_000

export interface GitRepositoryOptions {
  /** For messages, and for fetching. */
  url: string
  /** Set for a repository on this machine: its folder, bare or not. */
  folder?: string
  /** Checkouts and the mirror live here. */
  cacheDir: string
  clock: Clock
}

export class GitRepository implements Repository {
  readonly #options: GitRepositoryOptions
  readonly #home: string
  readonly #checkouts = new Map<string, Promise<string>>()
  #fetching: Promise<void> | undefined

  constructor(options: GitRepositoryOptions) {
    this.#options = options
    this.#home = join(options.cacheDir, createHash('sha256').update(options.url).digest('hex').slice(0, 16))
  }

  get #gitDir(): string {
    const { folder } = this.#options
    if (folder === undefined) return join(this.#home, 'mirror.git')
    return existsSync(join(folder, '.git')) ? join(folder, '.git') : folder
  }

  async resolve(revision: string, fresh: boolean): Promise<string> {
    if (this.#options.folder === undefined) await this.#mirror(fresh)
    else if (!existsSync(this.#gitDir))
      throw new Error(`failed to list refs: repository not found: ${this.#options.url}`)
    const wanted = revision === '' ? 'HEAD' : revision
    if (COMMIT.test(wanted)) return wanted
    const branch = await looseBranch(this.#gitDir, wanted)
    if (branch) return branch
    // As Argo CD looks for it: branch, then tag, then a short commit id.
    for (const name of [`refs/heads/${wanted}`, `refs/tags/${wanted}`, wanted]) {
      const id = await this.#parse(`${name}^{commit}`)
      if (id) return id
    }
    throw new Error(`unable to resolve '${wanted}' to a commit SHA`)
  }

  checkout(id: string): Promise<string> {
    const known = this.#checkouts.get(id)
    if (known) {
      // Last used last: the oldest go first.
      this.#checkouts.delete(id)
      this.#checkouts.set(id, known)
      return known
    }
    const made = this.#checkOut(id)
    this.#checkouts.set(id, made)
    made.catch(() => this.#checkouts.delete(id))
    return made
  }

  watch(changed: () => void): Disposable {
    return this.#options.folder === undefined
      ? { [Symbol.dispose]() {} }
      : watchRefs(this.#gitDir, this.#options.clock, changed)
  }

  async #parse(name: string): Promise<string | undefined> {
    try {
      return await git([
        `--git-dir=${this.#gitDir}`,
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        name,
      ])
    } catch {
      return undefined
    }
  }

  async #checkOut(id: string): Promise<string> {
    const folder = join(this.#home, id)
    if (await stat(folder).catch(() => undefined)) return folder
    await mkdir(this.#home, { recursive: true, mode: 0o700 })
    await checkOut(this.#gitDir, id, folder)
    await this.#dropOld(id)
    return folder
  }

  async #dropOld(newest: string): Promise<void> {
    const kept = new Set([newest, ...[...this.#checkouts.keys()].slice(-KEPT_CHECKOUTS)])
    for (const id of this.#checkouts.keys()) if (!kept.has(id)) this.#checkouts.delete(id)
    for (const name of await readdir(this.#home)) {
      if (COMMIT.test(name) && !kept.has(name))
        await rm(join(this.#home, name), { recursive: true, force: true })
    }
  }

  /** One fetch at a time; whoever comes meanwhile shares it. */
  async #mirror(fresh: boolean): Promise<void> {
    const known = existsSync(join(this.#gitDir, 'HEAD'))
    if (known && !fresh) return
    this.#fetching ??= this.#fetch(known).finally(() => {
      this.#fetching = undefined
    })
    await this.#fetching
  }

  async #fetch(known: boolean): Promise<void> {
    const { url } = this.#options
    const options = { timeoutMs: FETCH_TIMEOUT_MS }
    try {
      if (known) await git([`--git-dir=${this.#gitDir}`, 'fetch', '--quiet', '--prune', 'origin'], options)
      else {
        await mkdir(this.#home, { recursive: true, mode: 0o700 })
        await git(['clone', '--quiet', '--mirror', '--', url, this.#gitDir], options)
      }
    } catch (thrown) {
      throw new Error(`failed to list refs: ${url}: ${lastLine(messageOf(thrown))}`, { cause: thrown })
    }
  }
}

/** The branch's commit where its ref is a file of its own, as after each push: no process needs to be started. */
async function looseBranch(gitDir: string, name: string): Promise<string | undefined> {
  if (name.split('/').includes('..')) return undefined
  const text = await readFile(join(gitDir, 'refs/heads', name), 'utf8').catch(() => '')
  return COMMIT.test(text.trim()) ? text.trim() : undefined
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? text
}
