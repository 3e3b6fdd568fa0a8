/** An engine that stopped in the middle, or whose disk is full: every call fails with a text of its own; one error tells. */
import { type EngineInfo, type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { engineFull, saysDiskFull } from '../../lib/docker/full.ts'
import { DevenvError, firstOf, messageOf } from '../../lib/errors.ts'
import { freeBytes } from '../../lib/free-bytes.ts'
import { isOnThisKernel } from './engine-host.ts'

/** With less nothing goes on; what stopped for want of room may have given some back. */
const LEAST_FREE_BYTES = 50e6

const TOLD = new Set(['ENGINE_FULL', 'ENGINE_STOPPED'])
const UP = 'npm run up resumes; npm run down removes what there is.'

/** What was thrown, or, where the engine itself is the cause, that; `then` is how to go on. */
export async function orEngineFailure(
  { info }: Pick<FoundEngine, 'info'>,
  given: unknown,
  then = UP,
): Promise<unknown> {
  const thrown = firstOf(given)
  // Told by who met it first.
  if (TOLD.has((thrown as DevenvError).code)) return thrown
  if (saysDiskFull(thrown) || (await isFull(info))) return engineFull(info, thrown, then)
  const found = await findEngine({ DOCKER_HOST: info.host })
  if (!('absent' in found)) return thrown
  return new DevenvError(
    'ENGINE_STOPPED',
    `the Docker engine at ${info.host} has stopped: ${messageOf(thrown)}`,
    { cause: thrown, fix: `Start it again. Then ${then}` },
  )
}

/** What a node, a database or a pod says on a full disk is seldom that. */
async function isFull(info: EngineInfo): Promise<boolean> {
  if (!info.DockerRootDir || !isOnThisKernel(info)) return false
  const free = await freeBytes(info.DockerRootDir)
  return free !== undefined && free < LEAST_FREE_BYTES
}

/** Failures that an engine may be behind, of steps that know the cluster's API alone. */
const SUSPECT = new Set(['UNREACHABLE', 'STEP_FAILED', 'DEADLINE'])

/** The same of a later step's failure; a user's mistake stays one. */
export async function blameEngine(
  found: Pick<FoundEngine, 'info'>,
  error: DevenvError,
): Promise<DevenvError> {
  if (!SUSPECT.has(error.code) && !saysDiskFull(error)) return error
  const cause = await orEngineFailure(found, error)
  return cause instanceof DevenvError ? cause : error
}
