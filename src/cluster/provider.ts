/** What makes a cluster. Everything above speaks the Kubernetes API and does not know which one it has. */
import type { Endpoints } from '../lib/record.ts'
import type { Leftover } from './leftover.ts'

export type ClusterKind = 'embedded' | 'k3d' | 'context'

/** A cluster that serves its API. */
export interface StartedCluster {
  kind: ClusterKind
  /** Version that it reports, e.g. `v1.35.0`. */
  kubernetes: string
  kubeconfig: string
  endpoints: Endpoints
  /** `http://host:port/`: where the cluster reads the environment's repositories, `NAME.git` each. */
  gitBase: string
  /** What the steps need of the services outside the cluster. */
  vault: { address: string; token: string; readToken: string }
  postgres: {
    host: string
    port: number
    user: string
    password: string
    database: string
    /** Resolves when it accepts connections. */
    ready(): Promise<void>
  }
}

/** An image that a manifest runs, and where it says so. */
export interface UsedImage {
  image: string
  /** Template of the chart. */
  source: string
  /** `Deployment team1-project-frontend`. */
  owner: string
}

export interface Provider {
  readonly kind: ClusterKind
  /** Whether this kind can be had here, and why (not). Creates nothing. */
  probe(): Promise<{ available: boolean; reason: string }>
  /** Everything that can be known before anything is created; throws a DevenvError of exit code 3. */
  preflight(images: UsedImage[], progress: (what: string) => void): Promise<void>
  /** Starts or resumes. */
  start(progress: (what: string) => void, signal: AbortSignal): Promise<StartedCluster>
  /** Removes everything that start made, record or no record; answers what could not be removed. */
  remove(progress: (what: string) => void): Promise<Leftover[]>
}
