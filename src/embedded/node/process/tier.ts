/** How well this machine can contain a pod's processes: probed once, best first. */
import { spawn } from 'node:child_process'
import { containedCommand } from './command.ts'

/**
 * - `root-namespaces`: mount, PID and UTS namespaces of its own for each container, as root
 * - `user-namespaces`: the same, inside an unprivileged user namespace
 * - `groups`: plain process groups and a guardian that ends them; no mounts
 */
export type Tier = 'root-namespaces' | 'user-namespaces' | 'groups'

export interface ProbedTier {
  tier: Tier
  /** Why this one and not a better one, as a sentence fragment for people. */
  reason: string
}

/** The best tier that works here. Runs one short-lived command per tier tried. */
export async function probeTier(): Promise<ProbedTier> {
  if (process.platform !== 'linux')
    return { tier: 'groups', reason: `${process.platform} has no mount namespaces` }
  const best: Tier = process.getuid?.() === 0 ? 'root-namespaces' : 'user-namespaces'
  const failure = await tryTier(best)
  if (failure === undefined) {
    const who = best === 'root-namespaces' ? 'as root' : 'unprivileged'
    return { tier: best, reason: `mount and PID namespaces work here ${who}` }
  }
  return { tier: 'groups', reason: `namespaces are refused here: ${failure}` }
}

/** Runs `true` with a bind mount in the tier; answers what went wrong, if anything did. */
function tryTier(tier: Tier): Promise<string | undefined> {
  const [file, ...args] = containedCommand(tier, {
    supervisorPid: process.pid,
    hostname: 'probe',
    mounts: [{ source: '/etc/hosts', target: '/etc/hosts', readOnly: false }],
    root: undefined,
    cwd: '/',
    argv: ['true'],
  })
  return new Promise((resolve) => {
    const child = spawn(file!, args, { stdio: ['ignore', 'ignore', 'pipe', 'ignore'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : stderr.trim() || `exit code ${code}`))
  })
}
