/** What the page is told: the status, and what only the page shows beside it. */
import type { RolloutView } from '../rollout/view.ts'
import type { Status } from '../status/status.ts'

export interface Snapshot {
  /** When it was made, milliseconds since the epoch. */
  at: number
  status: Status
  canaries: CanaryView[]
  pods: PodLine[]
  /** Newest first. */
  events: EventLine[]
}

export interface CanaryView {
  name: string
  phase: string
  message: string
  /** What the steps ask for, and what the pods amount to; percent. */
  weight: { asked: number; actual: number }
  steps: { text: string; state: 'done' | 'current' | 'ahead' }[]
  /** The verbs that make sense now. */
  verbs: Verb[]
  revisions: { revision: number; tags: string[]; image: string; pods: number; available: number }[]
  replicas: RolloutView['replicas']
}

export type Verb = 'promote' | 'promote-full' | 'abort' | 'retry'

export interface PodLine {
  name: string
  /** The workload's name. */
  workload: string
  ready: boolean
  phase: string
  restarts: number
  containers: string[]
}

export interface EventLine {
  /** RFC 3339. */
  at: string
  type: string
  /** `Deployment/NAME`. */
  object: string
  reason: string
  message: string
  count: number
}

/** One moment of the charts. */
export interface Sample {
  at: number
  /** Messages ready and unacknowledged, by queue. */
  queues: Record<string, number>
  /** Ready replicas, by workload. */
  replicas: Record<string, number>
}
