/** The one way to node-vault: an environment's Vault is on this machine, and never asked through the user's proxy. */
import type NodeVault from 'node-vault'

/** A client of the Vault at `address`. Loads the package, which takes half a second on a slow machine. */
export async function vaultClient(address: string, token: string): Promise<ReturnType<typeof NodeVault>> {
  keepStraight(new URL(address).hostname, process.env)
  const { default: nodeVault } = await import('node-vault')
  return nodeVault({ endpoint: address, token })
}

/**
 * The package's HTTP client goes by HTTP_PROXY at each request and has no other setting; it knows neither loopback nor
 * networks, only names and addresses.
 */
export function keepStraight(host: string, env: Record<string, string | undefined>): void {
  if (!env.http_proxy && !env.HTTP_PROXY && !env.all_proxy && !env.ALL_PROXY) return
  // The lower-case one wins where both are set.
  const name = env.no_proxy === undefined ? 'NO_PROXY' : 'no_proxy'
  const named = (env[name] ?? '').split(/[\s,]+/).filter(Boolean)
  if (!named.includes(host)) env[name] = [...named, host].join(',')
}
