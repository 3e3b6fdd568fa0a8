/** The environment's Vault: opened with what an earlier run kept, kept again with every change. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startVault, type VaultServer } from '../../embedded/vault/server.ts'
import type { VaultState } from '../../embedded/vault/state.ts'
import { systemClock } from '../../lib/clock.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import { sharedSaver } from '../../lib/saver.ts'
import type { SupervisorSpec } from './spec.ts'

export interface OpenVault {
  vault: VaultServer
  /** A token that can read nothing but the environment's mount. */
  readToken: string
  /** Writes the state as it is now. */
  save(): Promise<void>
}

/** Opens Vault on its state file. Throws with the file's path when that cannot be read. */
export async function openVault(spec: SupervisorSpec): Promise<OpenVault> {
  const { rootToken, mount } = spec.vault
  const file = vaultFile(spec.stateDir)
  const kept = readVaultState(spec.stateDir)
  let vault: VaultServer | undefined
  const save = sharedSaver(async () => {
    if (vault) await writeFileAtomic(file, JSON.stringify(vault.exportState()))
  })
  vault = await startVault({
    host: '127.0.0.1',
    port: spec.vaultPort,
    rootToken,
    clock: systemClock,
    save,
    ...(kept ? { state: kept } : {}),
  })
  vault.ensureMount(mount)
  // A kept state knows the token of the earlier run; without one that token is gone.
  const readToken = kept && spec.vault.readToken ? spec.vault.readToken : vault.createReadToken(mount)
  await save()
  return { vault, readToken, save }
}

/** What Vault held when it last changed; undefined before its first start. */
export function readVaultState(stateDir: string): VaultState | undefined {
  try {
    return JSON.parse(readFileSync(vaultFile(stateDir), 'utf8')) as VaultState
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

function vaultFile(stateDir: string): string {
  return join(stateDir, 'vault.json')
}
