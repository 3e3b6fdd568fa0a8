/** What the launcher tells the supervisor, and what the supervisor answers: the contract between the two processes. */
import type { ImageMap } from '../../embedded/node/images.ts'
import type { BrokerInstall } from './broker/index.ts'

/** Written to `supervisor.json` (0600) in the state folder; a resumed environment reads it again. */
export interface SupervisorSpec {
  name: string
  checkout: string
  stateDir: string
  cacheDir: string
  nodeName: string
  /** Kept over stop/start, so that kubeconfig and addresses stay valid; 0 picks a free one. */
  apiPort: number
  vaultPort: number
  postgresPort: number
  gitPort: number
  /** Second octet of the environment's 127.N.0.0/16; undefined picks a free one. */
  block: number | undefined
  hpaSyncPeriodMs: number
  /** Kinds that Argo CD leaves out. */
  exclusions: { group: string; kinds: string[] }[]
  images: ImageMap
  broker: BrokerInstall
  postgres: { user: string; password: string; database: string }
  /** The read token is the supervisor's to make; a resumed environment brings the earlier one. */
  vault: { rootToken: string; readToken: string | undefined; mount: string }
  /** When the environment removes itself, in ms since 1970. */
  expiresAt: number | undefined
}

/** Ports and addresses that the supervisor settled on. */
export interface SupervisorReady {
  pid: number
  kubernetes: string
  kubeconfig: string
  apiPort: number
  vaultPort: number
  vaultReadToken: string
  postgresPort: number
  gitPort: number
  block: number
  /** Which containment the pods get, and why. */
  tier: string
}

/** Messages over the start-up channel. */
export type SupervisorMessage =
  | { type: 'progress'; what: string }
  | { type: 'ready'; ready: SupervisorReady }
  | { type: 'failed'; code: string; message: string; fix?: string }

/** Requests on the control socket, one JSON line each; so are the answers. */
export type ControlRequest =
  | { verb: 'info' }
  /** Answers when Postgres accepts connections, or with why it never will. */
  | { verb: 'postgres' }
  /** Sets when the environment removes itself; without a time it stays. */
  | { verb: 'expire'; at?: number }
  /** Ends everything; `discard` says that no state needs to be saved. */
  | { verb: 'stop'; discard: boolean }

export type ControlAnswer = { ok: true; info: SupervisorInfo } | { ok: true } | { ok: false; message: string }

export interface SupervisorInfo extends SupervisorReady {
  name: string
  startedAt: string
  rssBytes: number
  /** CPU time used since the start, in microseconds. */
  cpuMicros: number
}
