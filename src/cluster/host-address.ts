/** An address of this machine that an environment's pods reach, where there is one. */
import { networkInterfaces } from 'node:os'
import { stateDir } from '../lib/paths.ts'
import { readState } from './k3d/state.ts'
import { subnetOf } from './k3d/subnet.ts'

/**
 * The gateway of a k3d environment's network, if the engine's networks are this machine's own: not where the engine
 * runs in a virtual machine.
 */
export async function hostAddress(
  name: string,
  env: Record<string, string | undefined>,
): Promise<string | undefined> {
  const state = await readState(stateDir(name, env))
  if (!state) return undefined
  const { gateway } = subnetOf(state.base)
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return own.some(({ address }) => address === gateway) ? gateway : undefined
}
