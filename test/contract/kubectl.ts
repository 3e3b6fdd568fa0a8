/** The real kubectl, against the cluster of a case. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../src/lib/exec.ts'
import type { ContractContext } from './case.ts'

/** Runs kubectl with a home of its own, so that its caches and configuration are nobody else's. */
export async function kubectl(context: ContractContext, args: string[], input?: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'dvk-'))
  try {
    const env = { HOME: home, KUBECONFIG: context.kubeconfig }
    const { stdout } = await run('kubectl', ['-n', context.namespace, ...args], {
      env,
      timeoutMs: 30_000,
      ...(input === undefined ? {} : { input }),
    })
    return stdout
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
