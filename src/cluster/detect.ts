/** Which kind of cluster: ordered probes that say why, or why not. */
import { DevenvError } from '../lib/errors.ts'
import type { RunRecord } from '../lib/record.ts'
import { examineEngine } from './k3d/preflight.ts'
import type { ClusterKind } from './provider.ts'

export interface Choice {
  kind: ClusterKind
  /** For people: why this one. */
  reason: string
  /** The context's name, for clusters that exist. */
  context?: string
}

export interface Given {
  /** The environment's name. */
  name: string
  /** What there is of it already: `auto` stays with that, whether or not an engine came or went. */
  earlier: RunRecord | undefined
  env: Record<string, string | undefined>
}

/**
 * Decides from `--cluster`: `auto`, `embedded`, `k3d` or `context:NAME`. `auto` takes k3d where a Docker engine
 * answers that has room for it, else the embedded cluster. Throws USAGE for anything else.
 */
export async function detectCluster(flag: string, given: Given): Promise<Choice> {
  if (flag === 'auto') return auto(given)
  if (flag === 'embedded' || flag === 'k3d') return { kind: flag, reason: `asked for by --cluster ${flag}` }
  const context = contextOf(flag)
  if (context !== undefined) return { kind: 'context', reason: `asked for by --cluster ${flag}`, context }
  throw new DevenvError('USAGE', `--cluster ${flag}: there are auto, embedded, k3d and context:NAME`)
}

async function auto({ name, earlier, env }: Given): Promise<Choice> {
  if (earlier) {
    const context = contextOf(earlier.asked?.cluster ?? '')
    const { kind, reason } = earlier.cluster
    return { kind, reason, ...(context === undefined ? {} : { context }) }
  }
  try {
    const { info, capacity } = await examineEngine(name, undefined, env, () => undefined)
    return { kind: 'k3d', reason: `${info.product} ${info.ServerVersion} answers; ${capacity.reason}` }
  } catch (thrown) {
    if (!(thrown instanceof DevenvError) || thrown.exitCode !== 3) throw thrown
    return { kind: 'embedded', reason: thrown.message }
  }
}

function contextOf(flag: string): string | undefined {
  return flag.startsWith('context:') && flag.length > 'context:'.length
    ? flag.slice('context:'.length)
    : undefined
}
