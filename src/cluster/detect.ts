/** Which kind of cluster: ordered probes that say why, or why not. */
import { probeEngine } from '../lib/docker.ts'
import { DevenvError } from '../lib/errors.ts'
import type { ClusterKind } from './provider.ts'

export interface Choice {
  kind: ClusterKind
  /** For people: why this one. */
  reason: string
}

/**
 * Decides from `--cluster`: `auto`, `embedded`, `k3d` or `context:NAME`. `auto` prefers k3d where a Docker
 * engine answers and k3d can be had, else the embedded cluster. Throws USAGE for anything else and
 * PROVIDER_UNAVAILABLE (exit 3) for a kind that cannot be had.
 */
export async function detectCluster(flag: string): Promise<Choice> {
  if (flag === 'embedded') return { kind: 'embedded', reason: 'asked for by --cluster embedded' }
  if (flag === 'auto') return auto()
  if (flag === 'k3d' || flag.startsWith('context:')) throw unavailable(flag)
  throw new DevenvError('USAGE', `--cluster ${flag}: there are auto, embedded, k3d and context:NAME`)
}

async function auto(): Promise<Choice> {
  const probe = await probeEngine()
  if ('absent' in probe) return { kind: 'embedded', reason: probe.absent }
  const { engine } = probe
  return {
    kind: 'embedded',
    reason: `a Docker engine ${engine.version} answers at ${engine.address}, but this version of devenv cannot make a k3d cluster yet`,
  }
}

function unavailable(flag: string): DevenvError {
  const what = flag === 'k3d' ? 'k3d clusters' : 'existing clusters (context:NAME)'
  return new DevenvError(
    'PROVIDER_UNAVAILABLE',
    `--cluster ${flag}: this version of devenv cannot use ${what} yet; nothing was created`,
    {
      fix: 'npm run up -- --cluster embedded',
    },
  )
}
