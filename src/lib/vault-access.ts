/** How commands after `up` reach the environment's Vault with write access: a private file in the state folder. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError } from './errors.ts'
import { stateDir, writeFileAtomic } from './paths.ts'

export interface VaultAccess {
  address: string
  /** May write the mount. Keep it out of logs. */
  token: string
  mount: string
}

type Env = Record<string, string | undefined>

/** Written with every `up`, mode 0600. */
export async function writeVaultAccess(name: string, access: VaultAccess, env?: Env): Promise<void> {
  await writeFileAtomic(vaultAccessPath(name, env), JSON.stringify(access))
}

/** Throws ABSENT for an environment that has no Vault yet. */
export async function readVaultAccess(name: string, env?: Env): Promise<VaultAccess> {
  try {
    return JSON.parse(await readFile(vaultAccessPath(name, env), 'utf8')) as VaultAccess
  } catch (thrown) {
    throw new DevenvError('ABSENT', `environment "${name}" has no Vault that this machine may write to`, {
      cause: thrown,
      fix: 'npm run up',
    })
  }
}

function vaultAccessPath(name: string, env?: Env): string {
  return join(stateDir(name, env), 'vault-access.json')
}
