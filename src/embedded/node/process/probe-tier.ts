/** Finds the best containment that this machine allows: tried once, best first. */
import { ContainedProcess } from './contained-process.ts'
import type { ProbedTier, Tier } from './tier.ts'

/** The best tier that works here. Runs one short-lived command per tier tried. */
export async function probeTier(): Promise<ProbedTier> {
  if (process.platform !== 'linux')
    return { tier: 'groups', reason: `${process.platform} has no mount namespaces` }
  const best: Tier = process.getuid?.() === 0 ? 'root-namespaces' : 'user-namespaces'
  const failure = await tierRefusal(best)
  if (failure === undefined) {
    const who = best === 'root-namespaces' ? 'as root' : 'unprivileged'
    return { tier: best, reason: `mount and PID namespaces work here ${who}` }
  }
  return { tier: 'groups', reason: `namespaces are refused here: ${failure}` }
}

/** Why a tier does not work here, undefined when it does: runs `true` with a bind mount in it. */
export async function tierRefusal(tier: Tier): Promise<string | undefined> {
  const child = new ContainedProcess(
    tier,
    {
      supervisorPid: process.pid,
      hostname: 'probe',
      mounts: [{ source: '/etc/hosts', target: '/etc/hosts', readOnly: false }],
      root: undefined,
      cwd: '/',
      argv: ['true'],
    },
    { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    undefined,
  )
  child.output(() => {})
  const { exitCode } = await child.exited
  return exitCode === 0 ? undefined : child.toolErrors || `exit code ${exitCode}`
}
