/** Every secret value that an environment knows: what must not leave the machine in a report. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeClient } from '../lib/kube/client.ts'
import { readVaultAccess } from '../lib/vault-access.ts'
import { openVaultKv } from '../secret/vault-kv.ts'

export interface KnownValues {
  secrets: Set<string>
  /** Values of ConfigMaps, which the environment shows to everybody. */
  published: Set<string>
}

/** Files of the state folder whose every text is private. */
const PRIVATE_FILES = ['secrets.json', 'vault-access.json']

/** From Vault (all versions), the cluster's Secrets and the state folder; what cannot be asked is told to `problem`. */
export async function secretValues(
  name: string,
  folder: string,
  client: KubeClient | undefined,
  problem: (what: string, thrown: unknown) => void,
): Promise<KnownValues> {
  const secrets = new Set<string>()
  const published = new Set<string>()
  const attempt = (what: string, collect: () => Promise<void>) =>
    collect().catch((thrown: unknown) => problem(what, thrown))
  await Promise.all([
    ...PRIVATE_FILES.map((file) => attempt(file, () => fromFile(join(folder, file), secrets))),
    attempt('Vault’s values', () => fromVault(name, secrets)),
    client && attempt('Secrets', () => fromCluster(client, secrets, published)),
  ])
  return { secrets, published }
}

async function fromFile(path: string, into: Set<string>): Promise<void> {
  for (const [key, value] of Object.entries(JSON.parse(await readFile(path, 'utf8')) as object))
    if (typeof value === 'string' && key !== 'address' && key !== 'mount') into.add(value)
}

async function fromVault(name: string, into: Set<string>): Promise<void> {
  const vault = await openVaultKv(await readVaultAccess(name))
  for (const path of await vault.list()) {
    const { version } = await vault.read(path)
    // An earlier version may still be in a log or in an old pod's environment.
    for (let number = 1; number <= version; number++)
      for (const value of Object.values((await vault.readVersion(path, number)).data)) into.add(String(value))
  }
}

async function fromCluster(client: KubeClient, secrets: Set<string>, published: Set<string>): Promise<void> {
  const [hidden, open] = await Promise.all([client.list('v1/secrets'), client.list('v1/configmaps')])
  for (const object of hidden.items)
    for (const value of Object.values(dataOf(object)))
      secrets.add(Buffer.from(value, 'base64').toString('utf8'))
  for (const object of open.items) for (const value of Object.values(dataOf(object))) published.add(value)
}

function dataOf(object: object): Record<string, string> {
  return (object as { data?: Record<string, string> }).data ?? {}
}
