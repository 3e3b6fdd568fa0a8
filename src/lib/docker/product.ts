/** Whose engine it is: several share a socket's path, and each says it in a place of its own. */

/** The parts of /info that tell it. */
export interface NamedInfo {
  OperatingSystem?: string
  Name?: string
}

/** The parts of /version that tell it. */
export interface NamedVersion {
  Platform?: { Name?: string }
  Components?: { Name: string }[]
}

/** Words that engines use of themselves → their products. */
const PRODUCTS: [RegExp, string][] = [
  [/docker desktop/, 'Docker Desktop'],
  [/orbstack/, 'OrbStack'],
  [/\bcolima\b/, 'Colima'],
  [/rancher/, 'Rancher Desktop'],
  [/\blima-/, 'Lima'],
  [/podman/, 'Podman'],
]

/** Engines in a virtual machine of their own on every system: folders and ports here only lead to those in there. */
const VIRTUAL = new Set(['Docker Desktop', 'OrbStack', 'Colima', 'Rancher Desktop', 'Lima'])

/** The product's name; that of the candidate (whose path or context it was) where the engine tells none. */
export function productOf(info: NamedInfo, version: NamedVersion, candidate: string): string {
  // Podman is one whatever the machine is called: only its components have its name.
  if (version.Components?.some(({ Name }) => /podman/i.test(Name))) return 'Podman'
  const words = [info.OperatingSystem, info.Name, version.Platform?.Name].join(' ').toLowerCase()
  const known = PRODUCTS.find(([word]) => word.test(words))?.[1]
  return known ?? (candidate === 'DOCKER_HOST' ? 'Docker' : candidate)
}

/** Whether the engine never shares this machine's kernel. */
export function isVirtual(product: string): boolean {
  return VIRTUAL.has(product)
}
