/** A Vault in dev mode made the environment's own: the KV mount, and a token that can only read it. */
import { vaultClient } from '../../lib/vault-client.ts'
import { waitFor } from '../../lib/wait.ts'
import type { Waits } from '../provider.ts'

export interface VaultSetup {
  address: string
  rootToken: string
  mount: string
  /** Given by us, so that a Vault that forgot everything gets the same token again. */
  readToken: string
}

/** Waits until Vault answers, then makes what is missing. May run again. Ends with `signal` only. */
export async function prepareVault(setup: VaultSetup, { signal, waiting }: Waits): Promise<void> {
  const { address, rootToken, mount, readToken } = setup
  const vault = await vaultClient(address, rootToken)
  await waitFor(
    'Vault',
    async () => {
      const { initialized, sealed } = (await vault.status()) as { initialized: boolean; sealed: boolean }
      return initialized && !sealed ? { done: true } : { waiting: initialized ? 'sealed' : 'not initialized' }
    },
    {
      signal,
      onWaiting: (state) => waiting(`Vault at ${address}: ${state.waiting}`),
    },
  )
  const mounts = (await vault.read('sys/mounts')) as Record<string, unknown>
  if (!(`${mount}/` in mounts))
    await vault.write(`sys/mounts/${mount}`, { type: 'kv', options: { version: '2' } })
  await waitFor(
    `Vault's mount ${mount}`,
    // A new mount refuses everything while Vault makes it a versioned one, in the background.
    async () => ({ done: await vault.read(`${mount}/config`) }),
    { signal, onWaiting: (state) => waiting(`Vault's mount ${mount}: ${state.waiting}`) },
  )
  await vault.write(`sys/policies/acl/${mount}-read`, { policy: policyOf(mount) })
  if (await knows(vault, readToken)) return
  await vault.write('auth/token/create-orphan', {
    id: readToken,
    policies: [`${mount}-read`],
    renewable: false,
    display_name: 'external-secrets',
  })
}

/** Reads values and lists names below the mount, and nothing else. */
function policyOf(mount: string): string {
  return `path "${mount}/data/*" { capabilities = ["read"] }
path "${mount}/metadata/*" { capabilities = ["read", "list"] }
`
}

async function knows(
  vault: { write(path: string, data: unknown): Promise<unknown> },
  token: string,
): Promise<boolean> {
  try {
    await vault.write('auth/token/lookup', { token })
    return true
  } catch (thrown) {
    if ((thrown as { response?: { statusCode?: number } }).response?.statusCode === 403) return false
    throw thrown
  }
}
