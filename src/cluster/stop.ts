/** Ends what an environment runs and keeps what it holds, where the kind of cluster can. */
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { stopEnvironment } from './embedded/stop.ts'
import { stopInEngine } from './k3d/stop.ts'

/** False when nothing ran. Throws PROVIDER_UNAVAILABLE for a cluster that is not ours to stop. */
export async function stopAny(
  record: RunRecord,
  env: Record<string, string | undefined>,
  progress: (what: string) => void,
): Promise<boolean> {
  const { kind } = record.cluster
  if (kind === 'embedded') return stopEnvironment(record.name, stateDir(record.name, env), progress)
  if (kind === 'k3d') return stopInEngine(record.name, stateDir(record.name, env), env, progress)
  throw new DevenvError(
    'PROVIDER_UNAVAILABLE',
    `${record.name} runs in a cluster that exists without it: there is nothing to stop`,
    { fix: 'npm run down takes the environment out of that cluster.' },
  )
}
