/** What the embedded cluster needs of a machine, checked before anything is created. */
import { access, constants, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { findGit } from '../../lib/git.ts'
import { probeContainment } from './postgres/contain.ts'

const NEEDED_BYTES = 300 * 1024 * 1024
// A unix socket's path has 107 bytes; Postgres' socket name is the longest that goes below the state folder.
const LONGEST_STATE_PATH = 80

/** Throws a DevenvError of exit code 3 that names what is missing and how to mend it. */
export async function checkMachine(stateDir: string): Promise<void> {
  await checkState(stateDir)
  await checkLoopback()
  checkGit()
  await probeContainment()
}

/** The stack's repository is made and served by the machine's git. */
function checkGit(): void {
  if (findGit()) return
  throw new DevenvError('PREFLIGHT', 'git is not on PATH, and the stack is synced from a git repository', {
    fix: 'Install git (apt-get install git, or your system’s way).',
  })
}

async function checkState(stateDir: string): Promise<void> {
  if (Buffer.byteLength(stateDir) > LONGEST_STATE_PATH) {
    throw new DevenvError(
      'STATE_UNWRITABLE',
      `the state folder's path is too long for unix sockets: ${stateDir}`,
      {
        fix: 'Point DEVENV_HOME at a folder with a shorter path, or give the environment a shorter --name.',
      },
    )
  }
  const parent = await nearestFolder(stateDir)
  try {
    await access(parent, constants.W_OK)
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `cannot write below ${parent}: ${messageOf(thrown)}`, {
      cause: thrown,
      fix: 'Make that folder yours and writable, or point DEVENV_HOME at a folder that is.',
    })
  }
  const { bavail, bsize } = await statfs(parent)
  const free = bavail * bsize
  if (free >= NEEDED_BYTES) return
  throw new DevenvError(
    'STATE_UNWRITABLE',
    `only ${Math.floor(free / 1048576)} MB are free below ${parent}, the environment needs ${NEEDED_BYTES / 1048576} MB`,
    {
      fix: 'Free some space on that disk, or point DEVENV_HOME at a folder on another one.',
    },
  )
}

/** The state folder itself or the first parent that exists. A file in its place is an error of the user's. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch {
    const parent = dirname(path)
    return parent === path ? path : nearestFolder(parent)
  }
}

/** Pods get addresses of their own in 127/8: Linux has them all, macOS only 127.0.0.1. */
async function checkLoopback(): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.83.0.1', resolve)
    })
  } catch (thrown) {
    throw new DevenvError(
      'PREFLIGHT',
      `this machine gives processes no addresses in 127.0.0.0/8 but 127.0.0.1 (${messageOf(thrown)}), and pods need one each`,
      {
        fix: 'Run devenv on Linux (a container or a VM will do), or start a Docker engine and use --cluster k3d once it is available.',
      },
    )
  } finally {
    server.close()
  }
}
