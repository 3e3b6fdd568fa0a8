/** What makes a cluster. Everything above speaks the Kubernetes API and does not know which one it has. */
import type { DevenvError } from '../lib/errors.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Endpoints, RepositoryCarrier } from '../lib/record.ts'
import type { Leftover } from './leftover.ts'

export type ClusterKind = 'embedded' | 'k3d' | 'context'

/** What a wait is told, and tells. */
export interface Waits {
  waiting: (what: string) => void
  signal: AbortSignal
}

/** A cluster that serves its API. */
export interface StartedCluster {
  kind: ClusterKind
  /** Version that it reports, e.g. `v1.35.0`. */
  kubernetes: string
  kubeconfig: string
  /** When it removes itself (RFC 3339), if it does. */
  expiresAt?: string
  endpoints: Endpoints
  /** `http://host:port/`: where the cluster reads the environment's repositories, `NAME.git` each. */
  gitBase: string
  /** Absent where it reads them from this machine's folder. */
  carrier?: RepositoryCarrier
  /** What the steps need of the services outside the cluster. */
  vault: {
    address: string
    /** Where pods find it. */
    podAddress: string
    token: string
    readToken: string
    /** Resolves when it answers and has the environment's mount. */
    ready(waits: Waits): Promise<void>
  }
  postgres: {
    host: string
    port: number
    /** Where pods find it. */
    podHost: string
    podPort: number
    user: string
    password: string
    database: string
    /** Resolves when it accepts connections. */
    ready(waits: Waits): Promise<void>
  }
  /** Absent where nothing is built for it. */
  images?: {
    /** Resolves when nodes can pull what this machine builds. */
    ready(waits: Waits): Promise<void>
  }
  /** Absent where nothing has to be waited for. */
  pods?: {
    /** Resolves when pods have a network, and find what stands outside the cluster. */
    ready(waits: Waits): Promise<void>
  }
  /** Absent where the cluster's own measuring is not ours to set. */
  metrics?: {
    /** Resolves when it measures pods as often as the profile wants. */
    ready(waits: Waits): Promise<void>
  }
  services: ServiceReach
  /** Ends what `start` opened for this process alone; the cluster stays. */
  close(): Promise<void>
}

/** The Services that this machine wants to reach, by the names of their endpoints. */
export type ServiceEndpoint = 'coreApi' | 'frontend' | 'rabbitmq' | 'rabbitmqManagement' | 'argocd'

/** How this machine reaches Services: at their own addresses, at ports of nodes, or through the API server only. */
export type ServiceReach =
  | { kind: 'cluster-ip' }
  | { kind: 'node-port'; host: string; ports: Record<ServiceEndpoint, { node: number; host: number }> }
  | { kind: 'forward' }

/** What a look at machine and cluster decided, before anything is created. */
export interface Findings {
  /** How much of the operators fits: all of them with their UIs, or what the stack needs with small requests. */
  size: 'full' | 'lite'
  /** Whether `start` builds images. */
  builds?: boolean
  /** A cluster that is there already. */
  existing?: {
    /** A kubeconfig of its own. */
    kubeconfig: string
    /** What `start` will write into it. */
    objects: KubeObject[]
    /** To be answered with yes before anything is written. */
    question?: string
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
  /** Whether the operators are the cluster's own, or products to be installed. */
  readonly operators: 'built-in' | 'installed'
  /** Whether this kind can be had here, and why (not). Creates nothing. */
  probe(): Promise<{ available: boolean; reason: string }>
  /** Everything that can be known before anything is created; throws a DevenvError of exit code 3. */
  preflight(images: UsedImage[], progress: (what: string) => void): Promise<Findings>
  /** Starts or resumes. `images` is what pods will run, soonest first: nodes may pull it ahead. */
  start(progress: (what: string) => void, signal: AbortSignal, images: string[]): Promise<StartedCluster>
  /** The failure of a later step, or the cause of it that only the provider sees. */
  blame?(error: DevenvError): Promise<DevenvError>
  /** Removes everything that start made, record or no record; answers what could not be removed. */
  remove(progress: (what: string) => void): Promise<Leftover[]>
}
