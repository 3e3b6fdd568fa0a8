/** What an engine has, against what a k3d cluster with the real operators takes: full, lite, or not here. */
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { DevenvError } from '../../lib/errors.ts'
import { orEmbedded } from './instead.ts'

export interface Capacity {
  size: 'full' | 'lite'
  /** For people: what was chosen and why. */
  reason: string
  /** Memory that each part takes, in MB, largest first. */
  parts: { name: string; memoryMb: number }[]
}

const MB = 1024 * 1024

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
  const { product } = info
  for (const size of ['full', 'lite'] as const) {
    const needed = sum(size)
    if (info.MemTotal >= needed * MB && info.NCPU >= CPUS[size])
      return { size, reason: reasonOf(size, info), parts: partsOf(size) }
  }
  throw new DevenvError(
    'PREFLIGHT',
    `${product} ${info.ServerVersion} has ${inMb(info.MemTotal)} MB and ${info.NCPU} CPUs; a lite cluster needs ${sum('lite')} MB and ${CPUS.lite} CPUs`,
    { fix: moreMemory(product) },
  )
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

function moreMemory(product: string): string {
  const ways: Record<string, string> = {
    Colima: 'colima stop && colima start --cpu 4 --memory 8',
    'Docker Desktop': 'Give it more in Settings → Resources.',
    'Rancher Desktop': 'Give it more in Preferences → Virtual Machine.',
    Lima: 'limactl edit --memory 8 --cpus 4 NAME',
    OrbStack: 'orb config set memory_mib 8192',
    Podman: 'podman machine stop && podman machine set --memory 8192 --cpus 4 && podman machine start',
  }
  return `${ways[product] ?? 'Give the engine more memory and CPUs.'}${orEmbedded()}`
}

function inMb(bytes: number): number {
  return Math.round(bytes / MB)
}
