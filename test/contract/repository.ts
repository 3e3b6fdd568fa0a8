/** A git repository that a case commits to and Argo CD reads. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMMITTER, git } from '../../src/lib/git.ts'

export class CaseRepository {
  /** As the cluster reads it. */
  readonly url: string
  readonly #tree: string

  /** `folder` is made; where the cluster shares this machine's files, the folder itself is the URL. */
  constructor(folder: string, url = folder) {
    this.#tree = folder
    this.url = url
  }

  /** Writes files below `app/` (null removes one), commits to `main`, and answers the commit. */
  async commit(files: Record<string, object | string | null>): Promise<string> {
    const at = { cwd: this.#tree, env: COMMITTER }
    mkdirSync(this.#tree, { recursive: true })
    await git(['init', '--quiet', '--initial-branch=main'], at)
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#tree, 'app', name)
      mkdirSync(dirname(path), { recursive: true })
      if (content === null) rmSync(path)
      else writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    }
    await git(['add', '--all'], at)
    await git(['commit', '--quiet', '-m', 'change'], at)
    return git(['rev-parse', 'HEAD'], at)
  }
}
