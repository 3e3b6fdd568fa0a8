/** Takes an environment away, whatever kind of cluster it has, by its record or by what carries its name. */
import { existsSync } from 'node:fs'
import { processesOf } from '../lib/daemon.ts'
import { stateDir } from '../lib/paths.ts'
import { type RunRecord, readRecord } from '../lib/record.ts'
import { removeFromCluster } from './context/remove.ts'
import { removeEnvironment } from './embedded/remove.ts'
import { killMarked } from './end-processes.ts'
import { isInEngine, removeFromEngine } from './k3d/remove.ts'
import { removeLooks } from './k3d/shared.ts'
import type { Leftover } from './leftover.ts'

export interface RemoveOptions {
  /** `--cluster context:NAME`: the cluster to clean where the record is gone. */
  context: string | undefined
  env: Record<string, string | undefined>
}

/** Whether there is anything of this name on this machine, or told to be in a cluster. */
export async function isThere(name: string, { context, env }: RemoveOptions): Promise<boolean> {
  if (
    context !== undefined ||
    existsSync(stateDir(name, env)) ||
    // All that an `up` leaves which was killed in its preflight.
    existsSync(`${stateDir(name, env)}.lock`) ||
    processesOf(name, stateDir(name, env)).length > 0
  )
    return true
  return isInEngine(name, env)
}

/** Removes everything that the environment made; answers what could not be removed. */
export async function removeAny(
  name: string,
  options: RemoveOptions,
  progress: (what: string) => void,
): Promise<Leftover[]> {
  const { env } = options
  const folder = stateDir(name, env)
  await removeLooks(folder)
  const record = await readable(name, env)
  const context = options.context ?? contextOf(record)
  const inCluster = record?.cluster.kind === 'context' || options.context !== undefined
  const inEngine =
    !inCluster && (record?.cluster.kind === 'k3d' || (!record && (await isInEngine(name, env))))
  // What may be left of it on this machine: a dashboard's page that did not end when it was told to, and k3d at work
  // for an `up` that was killed, which would make what is being removed.
  if (inCluster || inEngine) await killMarked(name, folder)
  if (inCluster) return removeFromCluster({ name, stateDir: folder, context, env }, progress)
  if (inEngine) return removeFromEngine({ name, stateDir: folder, env }, progress)
  return removeEnvironment(name, folder, progress)
}

/** `up` was asked for `context:NAME`. */
function contextOf(record: RunRecord | undefined): string | undefined {
  const asked = record?.asked?.cluster
  return asked?.startsWith('context:') ? asked.slice('context:'.length) : undefined
}

/** A damaged record is no reason to keep an environment. */
async function readable(name: string, env: RemoveOptions['env']): Promise<RunRecord | undefined> {
  try {
    return await readRecord(name, env)
  } catch {
    return undefined
  }
}
