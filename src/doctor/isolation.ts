/** How far pods can be kept apart on this machine: namespaces as root, unprivileged, or not at all. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { messageOf } from '../lib/errors.ts'
import { run, which } from '../lib/exec.ts'
import type { Env, Finding } from './check.ts'

const TIMEOUT_MS = 5_000

/** Tries what a pod would be started with; the best that works is taken. */
export async function checkNamespaces(env: Env): Promise<Finding> {
  const name = 'pod isolation'
  const preload =
    'workloads of the stack find their Services by a preload hook, other programs by address only'
  if (process.platform !== 'linux') {
    return { name, verdict: 'limited', message: `no namespaces on ${process.platform}: ${preload}` }
  }
  const unshare = which('unshare', env.PATH)
  if (!unshare) {
    return { name, verdict: 'limited', message: `no unshare on PATH: ${preload}`, fix: 'Install util-linux.' }
  }
  const tiers = [
    { flags: ['-m', '-n'], message: 'mount and network namespaces as root' },
    { flags: ['-Ur', '-m', '-n'], message: 'mount and network namespaces, unprivileged' },
    { flags: ['-Ur', '-m'], message: 'mount namespaces, unprivileged' },
  ]
  for (const { flags, message } of tiers) {
    const works = await run(unshare, [...flags, 'true'], { timeoutMs: TIMEOUT_MS }).then(
      () => true,
      () => false,
    )
    if (works) return { name, verdict: 'ok', message }
  }
  if (process.getuid?.() === 0) {
    return {
      name,
      verdict: 'limited',
      message: `root may make no namespaces here, as in most containers: ${preload}`,
      fix: 'Start the container with --cap-add SYS_ADMIN --security-opt seccomp=unconfined, if that matters.',
    }
  }
  return {
    name,
    verdict: 'limited',
    message: `this system forbids namespaces to ordinary users: ${preload}`,
    fix: 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or the like on this system',
  }
}

/** Some distributions lack it; the embedded Postgres and the pods run as another user with it. */
export function checkSetpriv(env: Env): Finding {
  const name = 'setpriv'
  const path = which('setpriv', env.PATH)
  if (path) return { name, verdict: 'ok', message: path }
  return {
    name,
    verdict: 'optional',
    message: 'not on PATH; pods run as this user',
    fix: 'Install util-linux.',
  }
}

/** Each pod and Service has an address of its own in 127/8: Linux has them all, macOS one. */
export async function checkLoopback(): Promise<Finding> {
  const name = 'addresses 127/8'
  const server = createServer()
  try {
    server.listen(0, '127.83.0.1')
    await once(server, 'listening')
    return { name, verdict: 'ok', message: 'every pod gets an address of its own' }
  } catch (thrown) {
    return {
      name,
      verdict: 'missing',
      message: `only 127.0.0.1 can be bound (${messageOf(thrown)}), and pods need one address each`,
      fix: 'Run devenv on Linux: a container or a virtual machine will do.',
      cluster: 'embedded',
    }
  } finally {
    server.close()
  }
}
