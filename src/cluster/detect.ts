/** Which kind of cluster: ordered probes that say why, or why not. */
import { findEngine } from '../lib/docker/engine.ts'
import { DevenvError } from '../lib/errors.ts'
import type { ClusterKind } from './provider.ts'

export interface Choice {
  kind: ClusterKind
  /** For people: why this one. */
  reason: string
  /** The context's name, for clusters that exist. */
  context?: string
}

/**
 * Decides from `--cluster`: `auto`, `embedded`, `k3d` or `context:NAME`. `auto` takes the embedded
 * cluster and says whether a Docker engine answers, which `--cluster k3d` would use. Throws USAGE for anything else.
 */
export async function detectCluster(flag: string): Promise<Choice> {
  if (flag === 'embedded') return { kind: 'embedded', reason: 'asked for by --cluster embedded' }
  if (flag === 'auto') return auto()
  if (flag === 'k3d') return { kind: 'k3d', reason: 'asked for by --cluster k3d' }
  if (flag.startsWith('context:') && flag.length > 'context:'.length)
    return {
      kind: 'context',
      reason: `asked for by --cluster ${flag}`,
      context: flag.slice('context:'.length),
    }
  throw new DevenvError('USAGE', `--cluster ${flag}: there are auto, embedded, k3d and context:NAME`)
}

async function auto(): Promise<Choice> {
  const found = await findEngine()
  if ('absent' in found) return { kind: 'embedded', reason: found.absent }
  const { product, ServerVersion, host } = found.info
  return {
    kind: 'embedded',
    reason: `it needs no engine; ${product} ${ServerVersion} answers at ${host}, and --cluster k3d would use it`,
  }
}
