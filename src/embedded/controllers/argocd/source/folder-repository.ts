/** A plain folder as a repository: what is saved counts, no commit needed; its revision is a hash of the files. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Timer } from '../../../../lib/clock.ts'
import { follow } from '../../../git/follow.ts'
import type { Repository } from './repository.ts'

/** Editors save in several steps. */
const SETTLE_MS = 100
const IGNORED = new Set(['.git', 'node_modules'])

export class FolderRepository implements Repository {
  readonly #folder: string
  readonly #clock: Clock

  constructor(folder: string, clock: Clock) {
    this.#folder = folder
    this.#clock = clock
  }

  /** 40 hexadecimal digits over names and contents, the shape of a commit id; the revision asked for is ignored. */
  async resolve(): Promise<string> {
    const hash = createHash('sha1')
    await digest(this.#folder, '', hash)
    return hash.digest('hex')
  }

  async checkout(): Promise<string> {
    return this.#folder
  }

  watch(changed: () => void): Disposable {
    let timer: Timer | undefined
    const watcher = follow(this.#folder, { recursive: true, ignore: IGNORED }, () => {
      timer?.cancel()
      timer = this.#clock.after(SETTLE_MS, changed)
    })
    return {
      [Symbol.dispose]() {
        timer?.cancel()
        watcher[Symbol.dispose]()
      },
    }
  }
}

async function digest(root: string, folder: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (IGNORED.has(entry.name)) continue
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) await digest(root, path, hash)
    else if (entry.isFile()) {
      hash.update(`${path}\0`)
      hash.update(await readFile(join(root, path)))
    }
  }
}
