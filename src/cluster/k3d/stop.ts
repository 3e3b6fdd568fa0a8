/** Ends the environment's containers and keeps them: `up` starts them again at the same addresses. */
import { findEngine } from '../../lib/docker/engine.ts'
import { DevenvError } from '../../lib/errors.ts'
import { thingsOf } from './remove.ts'
import { engineEnv } from './state.ts'

/** Seconds that a container gets before it is killed. */
const GRACE_S = 20
/** The engine's answer for a container that does not run. */
const NOT_MODIFIED = 304

/** False when none of them ran. Throws PROVIDER_UNAVAILABLE while no engine answers. */
export async function stopInEngine(
  environment: string,
  stateDir: string,
  env: Record<string, string | undefined>,
  progress: (what: string) => void,
): Promise<boolean> {
  const found = await findEngine(await engineEnv(stateDir, env))
  if ('absent' in found)
    throw new DevenvError('PROVIDER_UNAVAILABLE', `nothing can be stopped: ${found.absent}`, {
      fix: 'Start the Docker engine, then stop the environment, or take it away with npm run down.',
    })
  const { containers } = await thingsOf(found.engine, environment)
  progress(`${containers.length} containers to end`)
  const stopped = await Promise.all(
    containers.map(async ({ id }) => {
      try {
        await found.engine.getContainer(id).stop({ t: GRACE_S })
        return true
      } catch (thrown) {
        if ((thrown as { statusCode?: number }).statusCode === NOT_MODIFIED) return false
        throw thrown
      }
    }),
  )
  return stopped.includes(true)
}
