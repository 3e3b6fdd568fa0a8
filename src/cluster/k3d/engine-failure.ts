/** An engine that stopped in the middle, or whose disk is full: every call fails with a text of its own; one error tells. */
import { type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { engineFull, saysDiskFull } from '../../lib/docker/full.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'

const UP = 'npm run up resumes; npm run down removes what there is.'

/** What was thrown, or, where the engine itself is the cause, that; `then` is how to go on. */
export async function orEngineFailure(
  { info }: Pick<FoundEngine, 'info'>,
  thrown: unknown,
  then = UP,
): Promise<unknown> {
  if (saysDiskFull(thrown)) return engineFull(info, thrown, then)
  const found = await findEngine({ DOCKER_HOST: info.host })
  if (!('absent' in found)) return thrown
  return new DevenvError(
    'STEP_FAILED',
    `the Docker engine at ${info.host} has stopped: ${messageOf(thrown)}`,
    { cause: thrown, fix: `Start it again. Then ${then}` },
  )
}
