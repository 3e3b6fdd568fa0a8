/** What the steps of a bring-up hand to each other. */
import type { Provider, StartedCluster } from '../cluster/provider.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { LiveObjects } from '../lib/kube/live.ts'
import type { RunRecord } from '../lib/record.ts'
import type { Plan } from './plan.ts'

/** Whose fields are what the steps apply. */
export const FIELD_MANAGER = 'devenv'

/** What the steps share; filled in as they go. */
export interface UpContext {
  plan: Plan
  provider: Provider
  record: RunRecord
  /** Keeps the record on disk in step with what was started. */
  save(): Promise<void>
  /** Commit of the environment's own repository that is to be synced. */
  revision?: string
  /** uids of pods that an earlier run left stuck and this one has made anew. */
  restarted: Set<string>
  cluster?: StartedCluster
  kube?: KubeClient
  live?: LiveObjects
}

/** A context whose cluster serves: for the steps after the first. */
export type Running = UpContext & Required<Pick<UpContext, 'cluster' | 'kube' | 'live'>>
