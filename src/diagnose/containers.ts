/** The last words of an environment's containers in the engine: the node, Vault, Postgres, registries. */
import { findEngine } from '../lib/docker/engine.ts'
import { containerLog } from '../lib/docker/logs.ts'
import { messageOf } from '../lib/errors.ts'
import type { Add, Problem } from './objects.ts'

const LINES = 2000

/** By the label that everything of the environment carries. */
export async function collectContainers(
  environment: string,
  env: Record<string, string | undefined>,
  add: Add,
  problem: Problem,
): Promise<void> {
  const found = await findEngine(env)
  if ('absent' in found) throw new Error(found.absent)
  const { engine } = found
  const filters = { label: [`devenv/environment=${environment}`] }
  const containers = await engine.listContainers({ all: true, filters })
  await Promise.all(
    containers.map(async ({ Id, Names, Status }) => {
      const name = (Names[0] ?? Id).replace(/^\//, '')
      try {
        const log = await containerLog(engine, Id, { tail: LINES, timestamps: true })
        add(`containers/${name}.log`, `${Status}\n${log}`)
      } catch (thrown) {
        problem(`container ${name}`, messageOf(thrown))
      }
    }),
  )
}
