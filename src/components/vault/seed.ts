/** Writes the seeded secrets into Vault, through the same client that the drills use. */

import { DevenvError, messageOf } from '../../lib/errors.ts'
import { vaultClient } from '../../lib/vault-client.ts'

export interface VaultAccess {
  address: string
  token: string
}

/**
 * Writes every path of the mount that does not exist yet: what a user changed since the first `up` stays.
 * Throws STEP_FAILED with Vault's own words.
 */
export async function seedVault(
  access: VaultAccess,
  mount: string,
  paths: Record<string, Record<string, string>>,
): Promise<void> {
  const vault = await vaultClient(access.address, access.token)
  await Promise.all(
    Object.entries(paths).map(async ([path, data]) => {
      const at = `${mount}/data/${path}`
      try {
        if (await exists(vault, at)) return
        await vault.write(at, { data })
      } catch (thrown) {
        throw new DevenvError('STEP_FAILED', `Vault refused ${at}: ${messageOf(thrown)}`, { cause: thrown })
      }
    }),
  )
}

async function exists(vault: { read(path: string): Promise<unknown> }, path: string): Promise<boolean> {
  try {
    await vault.read(path)
    return true
  } catch (thrown) {
    if ((thrown as { response?: { statusCode?: number } }).response?.statusCode === 404) return false
    throw thrown
  }
}
