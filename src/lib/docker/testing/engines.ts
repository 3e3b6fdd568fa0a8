/** What engines answer: recorded where one could be run, else put together from public descriptions. */
import documented from './documented-engines.json' with { type: 'json' }
import recorded from './recorded-engines.json' with { type: 'json' }

export interface EngineAnswers {
  info: Record<string, unknown>
  version: Record<string, unknown>
  /** `host` of /libpod/info, Podman's own API. */
  podman?: { remoteSocket: { path: string }; cgroupControllers: string[] }
}

/** Of engines that ran the whole path, were refused, or (on cgroup v2) were only asked; host names and folders replaced. */
export const RECORDED: Record<string, EngineAnswers> = recorded

/** Nobody ran these: each says where its answers were taken from, and what it must be recognized as. */
export const DOCUMENTED: Record<string, EngineAnswers & { source: string; product: string }> = documented
