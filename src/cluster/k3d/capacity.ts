/** What an engine has, against what a k3d cluster with the real operators takes: full, lite, or not here. */
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { DevenvError } from '../../lib/errors.ts'

export interface Capacity {
  size: 'full' | 'lite'
  /** For people: what was chosen and why. */
  reason: string
  /** Memory that each part takes, in MB, largest first. */
  parts: { name: string; memoryMb: number }[]
}

const MB = 1024 * 1024
/** API 1.41 came with Docker 20.10, the oldest that k3d 5 works with. */
const OLDEST_API = [1, 41]

// Working sets: k3s with its addons, and the operators as their own documentation sizes them.
const PARTS = {
  full: {
    k3s: 1100,
    'Argo CD': 900,
    KEDA: 250,
    'Argo Rollouts': 100,
    'External Secrets': 120,
    stack: 900,
    outside: 350,
  },
  lite: {
    k3s: 900,
    'Argo CD': 450,
    KEDA: 200,
    'Argo Rollouts': 80,
    'External Secrets': 100,
    stack: 700,
    outside: 300,
  },
}
const CPUS = { full: 4, lite: 2 }

/** Throws PREFLIGHT for an engine that cannot run it, with what is missing and how to give it more. */
export function judgeEngine(info: EngineInfo): Capacity {
  const { OSType, ApiVersion, product } = info
  const called = `${product} ${info.ServerVersion}`
  if (OSType !== 'linux')
    throw refusal(`${called} runs ${OSType} containers`, 'Switch it to Linux containers.')
  if (!atLeast(ApiVersion, OLDEST_API))
    throw refusal(
      `${called} speaks API ${ApiVersion}; ${OLDEST_API.join('.')} is needed`,
      'Update the engine.',
    )
  if (isRemote(info.host))
    throw refusal(
      `the engine at ${info.host} is on another machine, and the cluster’s ports would open there`,
      'Use an engine on this machine, or make a cluster there and take --cluster context:NAME.',
    )
  for (const size of ['full', 'lite'] as const) {
    const needed = sum(size)
    if (info.MemTotal >= needed * MB && info.NCPU >= CPUS[size])
      return { size, reason: reasonOf(size, info), parts: partsOf(size) }
  }
  throw refusal(
    `${called} has ${inMb(info.MemTotal)} MB and ${info.NCPU} CPUs; a lite cluster needs ${sum('lite')} MB and ${CPUS.lite} CPUs`,
    moreMemory(product),
  )
}

/** True where the engine needs kubelets to be told that cgroup v1 will do. */
export function isCgroupV1({ CgroupVersion }: EngineInfo): boolean {
  return CgroupVersion === '1'
}

function reasonOf(size: 'full' | 'lite', info: EngineInfo): string {
  const has = `${inMb(info.MemTotal)} MB and ${info.NCPU} CPUs`
  return size === 'full'
    ? `full: the engine has ${has}`
    : `lite: the engine has ${has}, a full one needs ${sum('full')} MB and ${CPUS.full} CPUs`
}

function partsOf(size: 'full' | 'lite'): Capacity['parts'] {
  return Object.entries(PARTS[size])
    .map(([name, memoryMb]) => ({ name, memoryMb }))
    .sort((a, b) => b.memoryMb - a.memoryMb)
}

function sum(size: 'full' | 'lite'): number {
  return Object.values(PARTS[size]).reduce((total, part) => total + part, 0)
}

function isRemote(host: string): boolean {
  if (host.startsWith('unix://') || host.startsWith('/') || host.startsWith('npipe:')) return false
  const name = URL.canParse(host) ? new URL(host).hostname : host
  return !/^(localhost|127\.|\[?::1)/.test(name)
}

function atLeast(version: string, wanted: number[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

function moreMemory(product: string): string {
  const ways: Record<string, string> = {
    Colima: 'colima stop && colima start --cpu 4 --memory 8',
    'Docker Desktop': 'Give it more in Settings → Resources.',
    'Rancher Desktop': 'Give it more in Preferences → Virtual Machine.',
    OrbStack: 'orb config set memory_mib 8192',
    Podman: 'podman machine stop && podman machine set --memory 8192 --cpus 4 && podman machine start',
  }
  return `${ways[product] ?? 'Give the engine more memory and CPUs.'} Or: npm run up -- --cluster embedded`
}

function inMb(bytes: number): number {
  return Math.round(bytes / MB)
}

function refusal(message: string, fix: string): DevenvError {
  return new DevenvError('PREFLIGHT', message, { fix })
}
