/** The files of a commit in a folder of their own. */
import { lstat, mkdir, readdir, readlink, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { git } from '../../../../lib/git.ts'

/** Writes the commit's files to `folder`, which must not exist; it appears whole or not at all. */
export async function checkOut(gitDir: string, commit: string, folder: string): Promise<void> {
  const scratch = `${folder}.${process.pid}.tmp`
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const index = `${scratch}.index`
  try {
    const at = [`--git-dir=${gitDir}`, `--work-tree=${scratch}`]
    await git([...at, 'read-tree', '--reset', '-u', commit], {
      cwd: scratch,
      env: { GIT_INDEX_FILE: index },
    })
    await refuseEscapes(scratch, scratch)
    await rename(scratch, folder)
  } finally {
    await rm(index, { force: true })
    await rm(scratch, { recursive: true, force: true })
  }
}

/** A link out of the repository would let a commit read this machine's files. */
async function refuseEscapes(root: string, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await refuseEscapes(root, path)
    else if ((await lstat(path)).isSymbolicLink()) {
      const target = relative(root, resolve(dirname(path), await readlink(path)))
      if (target.startsWith('..') || target.startsWith('/')) {
        throw new Error(`repository contains out-of-bounds symlinks. file: ${relative(root, path)}`)
      }
    }
  }
}
