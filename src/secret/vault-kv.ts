/** Vault's KV v2 engine as the secret commands use it: whole paths, read and written with check-and-set. */

import { DevenvError, messageOf } from '../lib/errors.ts'
import type { VaultAccess } from '../lib/vault-access.ts'
import { vaultClient } from '../lib/vault-client.ts'

export type Values = Record<string, string>

export interface Versioned {
  data: Values
  /** 0: the path does not exist. */
  version: number
}

export interface VaultKv {
  readonly mount: string
  /** Names of the paths directly below the mount. */
  list(): Promise<string[]>
  read(path: string): Promise<Versioned>
  /** What the path held at a version; empty for 0. */
  readVersion(path: string, version: number): Promise<Versioned>
  /** Writes when the path is still at `version`; answers the new one. Throws STEP_FAILED with Vault's words. */
  write(path: string, data: Values, version: number): Promise<number>
}

const NOTHING = Promise.resolve<Versioned>({ data: {}, version: 0 })

/** Opens the environment's Vault. */
export async function openVaultKv({ address, token, mount }: VaultAccess): Promise<VaultKv> {
  const vault = await vaultClient(address, token)
  const ask = async <T>(what: string, path: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (thrown) {
      throw new DevenvError('STEP_FAILED', `Vault at ${address} ${what} ${path}: ${vaultWords(thrown)}`, {
        cause: thrown,
      })
    }
  }
  const read = async (path: string, query: string): Promise<Versioned> => {
    const found = await ask('does not give', `${mount}/${path}`, () =>
      vault.read(`${mount}/data/${path}${query}`).catch((thrown: unknown) => {
        const { response } = thrown as VaultFailure
        if (response?.statusCode !== 404) throw thrown
        // A deleted path answers 404, too, and still tells its version.
        return response.body as { data?: VaultData } | undefined
      }),
    )
    return { data: found?.data?.data ?? {}, version: found?.data?.metadata?.version ?? 0 }
  }
  return {
    mount,
    async list() {
      const { data } = await ask('does not list', mount, () => vault.list(`${mount}/metadata`))
      return (data.keys as string[]).filter((name) => !name.endsWith('/'))
    },
    read: (path) => read(path, ''),
    readVersion: (path, version) => (version === 0 ? NOTHING : read(path, `?version=${version}`)),
    async write(path, data, version) {
      const { data: written } = await ask('does not take', `${mount}/${path}`, () =>
        vault.write(`${mount}/data/${path}`, { data, options: { cas: version } }),
      )
      return Number(written.version)
    },
  }
}

/** `team1/rabbitmq`, `team1/data/rabbitmq` and `rabbitmq` are one path. */
export function pathBelow(mount: string, path: string): string {
  const inner = path.startsWith(`${mount}/`) ? path.slice(mount.length + 1) : path
  return inner.startsWith('data/') ? inner.slice('data/'.length) : inner
}

interface VaultData {
  data?: Values | null
  metadata?: { version: number }
}

interface VaultFailure {
  response?: { statusCode?: number; body?: { errors?: string[] } & object }
}

/** Vault's own errors where there are some; a client's error may carry the request with its values. */
function vaultWords(thrown: unknown): string {
  const errors = (thrown as VaultFailure).response?.body?.errors ?? []
  return errors.join('; ') || messageOf(thrown)
}
