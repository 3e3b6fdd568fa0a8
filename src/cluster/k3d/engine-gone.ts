/** An engine that stopped in the middle: every call fails with a text of its own, and one of them tells the cause. */
import { type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'

/** What was thrown, or, where the engine no longer answers, that. */
export async function orEngineGone({ info }: Pick<FoundEngine, 'info'>, thrown: unknown): Promise<unknown> {
  const found = await findEngine({ DOCKER_HOST: info.host })
  if (!('absent' in found)) return thrown
  return new DevenvError(
    'STEP_FAILED',
    `the Docker engine at ${info.host} has stopped: ${messageOf(thrown)}`,
    { cause: thrown, fix: 'Start it again; then npm run up resumes, npm run down removes what there is.' },
  )
}
