/** Whether the disk below an environment's state still takes anything: when it does not, things fail one by one. */
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { stateDir } from '../lib/paths.ts'

/** RabbitMQ itself stops taking messages below 50 MB (its disk_free_limit). */
const LEAST_FREE_BYTES = 50e6

/** What is wrong with it and what to do, or undefined. Never throws. */
export async function stateDiskProblem(name: string, folder = stateDir(name)): Promise<string | undefined> {
  try {
    const { bavail, bsize, ffree, files } = await statfs(folder)
    if (bavail * bsize < LEAST_FREE_BYTES)
      return full(folder, `${Math.floor((bavail * bsize) / 1e6)} MB free`)
    // Some file systems have no fixed number of inodes and report 0 of 0.
    if (files > 0 && ffree === 0) return full(folder, 'no inode free')
    await access(folder, constants.W_OK)
    return undefined
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EROFS') return `${folder} is on a disk that is mounted read-only: mount it read-write again`
    if (code === 'EACCES')
      return `${folder} is not writable by you: give it back (chown), or run as its owner`
    return undefined
  }
}

function full(folder: string, how: string): string {
  return `the disk of ${folder} is full (${how}): free some, all goes on by itself then (npm run purge removes caches)`
}
