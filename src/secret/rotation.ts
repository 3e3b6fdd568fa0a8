/** What `secret rotate NAME` changes: the generated values of seeds/vault.yaml, in every path that carries them. */
import type { VaultSeed } from '../config/seeds.ts'
import { DevenvError } from '../lib/errors.ts'
import type { Changes } from './usage.ts'
import type { Values } from './vault-kv.ts'

/** A server that knows the value, too, and must be told of the new one. */
export type Server = 'rabbitmq' | 'postgres'

export interface Rotatable {
  /** What the user calls it. */
  name: string
  /** `ref` of the seed; the value is known by it in the environment's state. */
  ref: string
  /** `path/KEY` of the first place that carries it. */
  origin: { path: string; key: string }
  server?: Server
}

/** Every generated value with a ref; the two that servers know go by the server's name. */
export function rotatables(seed: VaultSeed, refs: Record<Server, string>): Rotatable[] {
  const servers = new Map(Object.entries(refs).map(([server, ref]) => [ref, server as Server]))
  const found = new Map<string, Rotatable>()
  for (const [path, entries] of Object.entries(seed.paths)) {
    for (const [key, entry] of Object.entries(entries)) {
      if (typeof entry === 'string' || !('generate' in entry)) continue
      const ref = entry.ref ?? `${path}/${key}`
      if (found.has(ref)) continue
      const server = servers.get(ref)
      found.set(ref, { name: server ?? ref, ref, origin: { path, key }, ...(server ? { server } : {}) })
    }
  }
  return [...found.values()]
}

/** Throws USAGE with the names that there are. */
export function findRotatable(all: Rotatable[], name: string): Rotatable {
  const found = all.find((one) => one.name === name || one.ref === name)
  if (found) return found
  throw new DevenvError('USAGE', `there is nothing called "${name}" to rotate`, {
    fix: `There are ${all.map((one) => one.name).join(', ')}.`,
  })
}

/** Every key of every path that holds the old value gets the new one. */
export function replaceEverywhere(paths: Map<string, Values>, old: string, next: string): Changes {
  const changes: Changes = new Map()
  for (const [path, values] of paths) {
    const keys = Object.keys(values).filter((key) => values[key] === old)
    if (keys.length > 0) changes.set(path, Object.fromEntries(keys.map((key) => [key, next])))
  }
  return changes
}
