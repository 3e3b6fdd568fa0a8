/** What `status --json` prints: the shape that scripts rely on. */
import type { Endpoints } from '../lib/record.ts'

export type Phase = 'Ready' | 'Starting' | 'Degraded' | 'Stopped' | 'Absent'

export interface ComponentStatus {
  name: string
  version: string
  implementation: 'real' | 'embedded'
  ready: boolean
  /** Why not ready, or a short word on what was checked. */
  message: string
  endpoint?: string
}

/** `failing` needs a person; `progressing` is on its way; `ok` has what it wants. */
export type WorkloadState = 'ok' | 'progressing' | 'failing'

export interface WorkloadStatus {
  namespace: string
  kind: string
  name: string
  /** spec.replicas. */
  desired: number
  ready: number
  /** One sentence: why it has the replicas it has, or why not all of them are ready. */
  why: string
  state: WorkloadState
}

export interface QueueStatus {
  name: string
  ready: number
  unacked: number
  consumers: number
}

export interface CanaryStatus {
  namespace: string
  name: string
  phase: string
  /** Index of the current step and how many there are. */
  step: number
  steps: number
  /** Percent of the canary: the last setWeight reached, 100 when there is none under way. */
  weight: number
  message: string
}

/** The stack as Argo CD sees it. */
export interface ApplicationStatus {
  name: string
  /** Synced, OutOfSync or Unknown. */
  sync: string
  health: string
  /** Commit that was compared last; empty before the first comparison. */
  revision: string
  source: string
  /** How often in a row the same drift was repaired: more than a few means that something else writes it too. */
  healing: number
  /** Needs a person: a chart that does not render, a revision that does not apply. */
  failing: boolean
  /** What differs, what runs or what is wrong; empty when all is well. */
  message: string
}

export interface SecretStatus {
  namespace: string
  name: string
  ready: boolean
  message: string
  /** RFC 3339 of the last successful sync. */
  refreshedAt?: string
}

/** An address that people open, asked for more than its port. */
export interface FrontDoorStatus {
  name: string
  endpoint: string
  ok: boolean
  /** What is wrong with its answer, or a short word. */
  message: string
}

export interface Status {
  apiVersion: 'devenv/v1'
  kind: 'Status'
  name: string
  cluster?: { kind: string; reason: string; kubernetes: string; kubeconfig: string }
  phase: Phase
  /** Why the phase is not Ready. */
  message: string
  profile?: string
  /** When it removes itself (RFC 3339). */
  expiresAt?: string
  /** How far the cluster's clock is before this machine's, negative for one behind; absent where they agree. */
  clock?: { aheadMs: number }
  components: ComponentStatus[]
  workloads: WorkloadStatus[]
  queues: QueueStatus[]
  application?: ApplicationStatus
  /** Bare folder of the environment's own repository: clone it, push to it. */
  repository?: string
  canaries: CanaryStatus[]
  secrets: SecretStatus[]
  frontDoors: FrontDoorStatus[]
  endpoints: Endpoints
}

/** Status of an environment that does not exist. */
export function absentStatus(name: string): Status {
  return {
    apiVersion: 'devenv/v1',
    kind: 'Status',
    name,
    phase: 'Absent',
    message: 'there is no such environment; npm run up makes it',
    components: [],
    workloads: [],
    queues: [],
    canaries: [],
    secrets: [],
    frontDoors: [],
    endpoints: {},
  }
}
