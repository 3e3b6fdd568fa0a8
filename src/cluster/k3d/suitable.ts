/** Whether k3s can run in an engine at all, and whether this machine reaches what it publishes there. */
import { existsSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { DevenvError } from '../../lib/errors.ts'
import { isCgroupV1, isOnThisKernel, isRootless } from './engine-host.ts'

/** What is asked of this machine; tests have machines of their own. */
export interface Machine {
  platform: string
  hostname: string
  /** Addresses of its own. */
  addresses: string[]
  /** Whether a folder is here. */
  has(folder: string): boolean
}

/** API 1.41 came with Docker 20.10, the oldest that k3d 5 works with; Podman speaks it since 4.0. */
const OLDEST_API = [1, 41]

/** Throws PREFLIGHT for an engine in which no cluster of ours can run, with the way to one. */
export function checkSuitable(info: EngineInfo, machine: Machine = thisMachine()): void {
  const { OSType, ApiVersion, product } = info
  const called = `${product} ${info.ServerVersion}`
  if (OSType !== 'linux')
    throw refusal(`${called} runs ${OSType} containers`, 'Switch it to Linux containers.')
  if (!atLeast(ApiVersion, OLDEST_API))
    throw refusal(
      `${called} speaks API ${ApiVersion}; ${OLDEST_API.join('.')} is needed`,
      'Update the engine.',
    )
  if (isElsewhere(info, machine))
    throw refusal(
      `the engine at ${info.host} is on another machine${info.Name ? ` (${info.Name})` : ''}: ports and folders of the cluster would be there`,
      'Use an engine on this machine, run devenv on that one, or make a cluster there and take --cluster context:NAME.',
    )
  if (isRootless(info)) checkRootless(info, called)
}

/** kubelet sets limits for every pod: an ordinary user can only with cgroup v2, and with what systemd hands on. */
function checkRootless(info: EngineInfo, called: string): void {
  if (isCgroupV1(info))
    throw refusal(
      `${called} runs without root on cgroup v1, where it cannot limit containers, and k3s does not start`,
      'Use an engine that runs as root, or boot with cgroup v2 (systemd.unified_cgroup_hierarchy=1). Or: npm run up -- --cluster embedded',
    )
  const limits = {
    cpu: info.CpuCfsQuota,
    cpuset: info.CPUSet,
    memory: info.MemoryLimit,
    pids: info.PidsLimit,
  }
  const lacking = Object.entries(limits).flatMap(([name, has]) =>
    has === false || info.controllers?.includes(name) === false ? [name] : [],
  )
  if (lacking.length > 0)
    throw refusal(
      `${called} runs without root, and the system does not hand it the cgroup controllers ${lacking.join(', ')}, which k3s needs`,
      'As root: mkdir -p /etc/systemd/system/user@.service.d && printf "[Service]\\nDelegate=cpu cpuset io memory pids\\n" > /etc/systemd/system/user@.service.d/delegate.conf && systemctl daemon-reload; then log in again and restart the engine. Or: npm run up -- --cluster embedded',
    )
}

/** An address of another machine; or a socket that leads there, as through ssh or into a container. */
function isElsewhere(info: EngineInfo, machine: Machine): boolean {
  const { host, Name, DockerRootDir } = info
  if (host.startsWith('ssh://')) return true
  const tcp = URL.canParse(host) && /^(tcp|https?):/.test(host) ? new URL(host).hostname : undefined
  if (tcp !== undefined && !isOwn(tcp, machine)) return true
  // The ports and folders of a virtual machine are forwarded to this one; elsewhere than on Linux every engine has one.
  if (!isOnThisKernel(info, machine.platform)) return false
  const foreignName = Name !== undefined && Name !== machine.hostname
  return foreignName && DockerRootDir !== undefined && !machine.has(DockerRootDir)
}

function isOwn(name: string, { addresses }: Machine): boolean {
  const bare = name.replace(/^\[|\]$/g, '')
  return /^(localhost$|127\.|::1$)/.test(bare) || addresses.includes(bare)
}

function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return {
    platform: process.platform,
    hostname: hostname(),
    addresses: addresses.map(({ address }) => address),
    has: existsSync,
  }
}

function atLeast(version: string, wanted: number[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

function refusal(message: string, fix: string): DevenvError {
  return new DevenvError('PREFLIGHT', message, { fix })
}
