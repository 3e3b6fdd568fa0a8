/** Names of images that a killed `bundle save` has left: each registry that it opens has a port of its own. */
import type { Engine } from '../../lib/docker/engine.ts'
import { thingsOf } from './remove.ts'
import { readState } from './state.ts'

const OF_THIS_MACHINE = /^127\.0\.0\.1:(\d+)\//

/** Those of the environment's builds, but for what `up` built for its own registry. */
export async function abandonedTags(
  engine: Engine,
  environment: string,
  stateDir: string,
): Promise<string[]> {
  const own = (await readState(stateDir))?.registryPort
  const { tags } = await thingsOf(engine, environment)
  return tags.filter((tag) => {
    const port = OF_THIS_MACHINE.exec(tag)?.[1]
    return port !== undefined && Number(port) !== own
  })
}
