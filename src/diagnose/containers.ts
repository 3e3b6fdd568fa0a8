/** The last words of an environment's containers in the engine: the node, Vault, Postgres, registries. */
import { findEngine } from '../lib/docker/engine.ts'
import { messageOf } from '../lib/errors.ts'
import type { Add, Problem } from './objects.ts'

const LINES = 2000
/** Each piece of a container's output has a header: the stream, three zeros, the length as four bytes. */
const HEADER_BYTES = 8

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
        const output = await engine
          .getContainer(Id)
          .logs({ stdout: true, stderr: true, timestamps: true, tail: LINES })
        add(`containers/${name}.log`, `${Status}\n${withoutHeaders(output)}`)
      } catch (thrown) {
        problem(`container ${name}`, messageOf(thrown))
      }
    }),
  )
}

/** The text of both streams, in the order in which the engine sent their pieces. */
export function withoutHeaders(output: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= output.length; ) {
    const end = at + HEADER_BYTES + output.readUInt32BE(at + HEADER_BYTES / 2)
    pieces.push(output.subarray(at + HEADER_BYTES, end))
    at = end
  }
  return Buffer.concat(pieces).toString('utf8')
}
