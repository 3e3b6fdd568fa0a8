/** Name lookups from a hosts file that changes, in place of /etc/hosts. */
import dns from 'node:dns'
import { readFileSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

type Callback = (error: Error | null, address?: unknown, family?: number) => void

/** Makes dns.lookup (and with it net.connect, http and fetch) read `file` first. */
export function resolveFromFile(file: string): void {
  const entries = hostsFile(file)
  const lookup = dns.lookup as (name: string, options: unknown, callback: Callback) => void
  const lookupPromise = dns.promises.lookup as (name: string, options?: unknown) => Promise<unknown>

  dns.lookup = ((name: string, options: unknown, callback?: Callback) => {
    const [settings, done] = typeof options === 'function' ? [{}, options as Callback] : [options, callback!]
    const ip = entries().get(name.toLowerCase())
    if (!ip) return lookup(name, settings, done)
    if ((settings as { all?: boolean } | null)?.all)
      process.nextTick(done, null, [{ address: ip, family: 4 }])
    else process.nextTick(done, null, ip, 4)
  }) as typeof dns.lookup
  dns.promises.lookup = (async (name: string, options?: unknown) => {
    const ip = entries().get(name.toLowerCase())
    if (!ip) return lookupPromise(name, options)
    const found = { address: ip, family: 4 }
    return (options as { all?: boolean } | undefined)?.all ? [found] : found
  }) as typeof dns.promises.lookup
  syncBuiltinESMExports()
}

/** The file's names, read again when it has changed. */
function hostsFile(file: string): () => Map<string, string> {
  let stamp = -1
  let names = new Map<string, string>()
  return () => {
    const { mtimeMs } = statSync(file)
    if (mtimeMs === stamp) return names
    stamp = mtimeMs
    names = new Map()
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [ip, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
      for (const alias of aliases) if (!names.has(alias)) names.set(alias.toLowerCase(), ip!)
    }
    return names
  }
}
