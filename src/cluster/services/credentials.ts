/** Tokens of the services outside the stack: made once per environment, kept in its private folder. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../lib/paths.ts'

export interface ServiceCredentials {
  vaultRootToken: string
  vaultReadToken: string
}

/** The environment's credentials; made and kept when there are none yet. */
export async function serviceCredentials(stateDir: string): Promise<ServiceCredentials> {
  const path = join(stateDir, 'services.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ServiceCredentials
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
  }
  // Not hvs.: Vault keeps that prefix for tokens that it makes itself.
  const made = { vaultRootToken: `root-${secret()}`, vaultReadToken: `read-${secret()}` }
  await writeFileAtomic(path, JSON.stringify(made))
  return made
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}
