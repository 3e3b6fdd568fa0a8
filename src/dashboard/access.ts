/** The dashboard's token and port, kept in the environment's state folder so that an open page survives a restart. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../lib/paths.ts'

export interface Access {
  token: string
  /** Where it was served last; absent before the first time. */
  port?: number
}

const FILE = 'dashboard.json'
const TOKEN = /^[\w-]{32,}$/

/** Reads it, or makes a new token and keeps it; a damaged file counts as none. */
export async function readAccess(stateDirectory: string): Promise<Access> {
  const kept = await readFile(join(stateDirectory, FILE), 'utf8').then(parse, () => undefined)
  if (kept) return kept
  const access = { token: randomBytes(24).toString('base64url') }
  await writeAccess(stateDirectory, access)
  return access
}

export async function writeAccess(stateDirectory: string, access: Access): Promise<void> {
  await writeFileAtomic(join(stateDirectory, FILE), `${JSON.stringify(access)}\n`)
}

/** The address of the page. Keep it out of logs: a fragment is never sent, but whoever reads it is in. */
export function pageUrl(port: number, token: string): string {
  return `http://127.0.0.1:${port}/#token=${token}`
}

function parse(text: string): Access | undefined {
  try {
    const { token, port } = JSON.parse(text) as Partial<Access>
    if (typeof token !== 'string' || !TOKEN.test(token)) return undefined
    return { token, ...(Number.isInteger(port) ? { port: port! } : {}) }
  } catch {
    return undefined
  }
}
