/** Every repository that Applications name, opened once and watched while one of them uses it. */
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../../../lib/clock.ts'
import { FolderRepository } from './folder-repository.ts'
import { GitRepository } from './git-repository.ts'
import type { Repository } from './repository.ts'

/** `dir:///path`: the files as they are saved, whether or not a repository is around them. */
const FOLDER = 'dir:'

export interface RepositoriesOptions {
  /** Folder of the repository behind a URL that this machine serves itself. */
  folderOf: (url: string) => string | undefined
  cacheDir: string
  clock: Clock
  /** Told with the URL when a repository may have changed. */
  changed: (url: string) => void
}

export class Repositories implements Disposable {
  readonly #options: RepositoriesOptions
  readonly #open = new Map<string, { repository: Repository; watch: Disposable | undefined }>()

  constructor(options: RepositoriesOptions) {
    this.#options = options
  }

  /** The repository of a URL: `dir:///folder`, a path or `file://` URL, or anything that git fetches. */
  get(url: string): Repository {
    const known = this.#open.get(url)
    if (known) return known.repository
    const repository = this.#make(url)
    this.#open.set(url, { repository, watch: repository.watch?.(() => this.#options.changed(url)) })
    return repository
  }

  /** Closes what no Application names any more. */
  keepOnly(urls: ReadonlySet<string>): void {
    for (const [url, { watch }] of this.#open) {
      if (urls.has(url)) continue
      watch?.[Symbol.dispose]()
      this.#open.delete(url)
    }
  }

  [Symbol.dispose](): void {
    this.keepOnly(new Set())
  }

  #make(url: string): Repository {
    const { clock, cacheDir, folderOf } = this.#options
    if (url.startsWith(FOLDER)) return new FolderRepository(decodeURIComponent(new URL(url).pathname), clock)
    const local = folderOf(url) ?? localPath(url)
    return new GitRepository({ url, cacheDir, clock, ...(local === undefined ? {} : { folder: local }) })
  }
}

function localPath(url: string): string | undefined {
  if (url.startsWith('/')) return url
  return url.startsWith('file://') ? fileURLToPath(url) : undefined
}
