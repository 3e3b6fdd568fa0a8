/** What a k3d cluster is made with. */
import type { OperatorsLock } from '../../config/operators.ts'
import type { Engine } from '../../lib/docker/engine.ts'
import type { FetchOptions } from '../../lib/download/artifact.ts'
import type { Findings } from '../provider.ts'
import type { Build } from './build-source.ts'

export interface K3dOptions {
  name: string
  checkout: string
  stateDir: string
  env: Record<string, string | undefined>
  lock: OperatorsLock
  fetch: FetchOptions
  hpaSyncPeriodSeconds: number
  metricsIntervalSeconds: number
  vaultMount: string
  postgres: { user: string; password: string; database: string }
  /** The environment's own repository, and the namespace of who reads it. */
  repository: { repository: string; branch: string; readers: string }
  /** Images of workloads/ that this machine builds. */
  builds: Build[]
  /** With --offline: throws what is not on this machine, answers the images that need no build. */
  checkOffline?: (engine: Engine, size: Findings['size']) => Promise<Set<string>>
}
