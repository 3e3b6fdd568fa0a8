/** k3s in the machine's Docker engine, made by the pinned k3d, with Vault, Postgres and registries beside it. */
import { messageOf } from '../../lib/errors.ts'
import type { Provider } from '../provider.ts'
import { ensureK3d } from './binary.ts'
import { blameEngine, orEngineFailure } from './engine-failure.ts'
import { outdatedOutward } from './node-outward.ts'
import type { K3dOptions } from './options.ts'
import { checkOutward } from './outward.ts'
import { type Examined, examineEngine } from './preflight.ts'
import { removeFromEngine } from './remove.ts'
import { startK3d } from './start.ts'
import { readState } from './state.ts'

export function k3dProvider(options: K3dOptions): Provider {
  const { name, stateDir, env, lock } = options
  let examined: Examined | undefined
  let binary: string | undefined
  let built = new Set<string>()
  const examine = async (progress: (what: string) => void) => {
    if (!examined) {
      const state = await readState(stateDir)
      examined = await examineEngine(name, state, env, progress)
      // Offline nobody is asked whether they are trusted.
      if (!options.checkOffline) await checkOutward(Object.values(lock.mirrors), env, progress)
      const outdated =
        state &&
        (await outdatedOutward(examined.engine, { environment: name, stateDir, base: state.base, env }))
      if (outdated) progress(outdated)
      built = (await options.checkOffline?.(examined.engine, examined.capacity.size)) ?? built
    }
    binary ??= await ensureK3d(lock.tools.k3d, options.fetch)
    return { ...examined, binary }
  }
  return {
    kind: 'k3d',
    operators: 'installed',
    async probe() {
      try {
        const { capacity, info } = await examine(() => undefined)
        return { available: true, reason: `${info.product} ${info.ServerVersion}; ${capacity.reason}` }
      } catch (thrown) {
        return { available: false, reason: messageOf(thrown) }
      }
    },
    async preflight(_images, progress) {
      const { capacity } = await examine(progress)
      return { size: capacity.size, builds: options.builds.some(({ image }) => !built.has(image)) }
    },
    async start(progress, signal, images) {
      const found = await examine(() => undefined)
      try {
        return await startK3d(options, { ...found, built }, images, { waiting: progress, signal })
      } catch (thrown) {
        throw signal.aborted ? thrown : await orEngineFailure(found, thrown)
      }
    },
    async blame(error) {
      return examined ? blameEngine(examined, error) : error
    },
    remove: (progress) => removeFromEngine({ name, stateDir, env }, progress),
  }
}
