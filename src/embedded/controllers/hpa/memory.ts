/** What an HPA remembers between syncs: recommendations and its own scalings. Lost at a restart, as in the real one. */

export interface Recommendation {
  replicas: number
  atMs: number
}

export interface ScaleEvent {
  /** Replicas added or removed, always positive. */
  change: number
  atMs: number
}

export interface Memory {
  /** Unstabilised recommendations, oldest first. */
  recommendations: Recommendation[]
  scaleUps: ScaleEvent[]
  scaleDowns: ScaleEvent[]
}

export function emptyMemory(): Memory {
  return { recommendations: [], scaleUps: [], scaleDowns: [] }
}

/** With one more recommendation, and without those that no window reaches any more. */
export function withRecommendation(memory: Memory, replicas: number, now: number, keepMs: number): Memory {
  const kept = memory.recommendations.filter(({ atMs }) => atMs > now - keepMs)
  return { ...memory, recommendations: [...kept, { replicas, atMs: now }] }
}

/** With the scaling just made; events older than the longest policy period are dropped. */
export function withScaling(
  memory: Memory,
  before: number,
  after: number,
  now: number,
  behavior: any,
): Memory {
  if (!behavior || before === after) return memory
  const event = { change: Math.abs(after - before), atMs: now }
  return after > before
    ? { ...memory, scaleUps: [...recent(memory.scaleUps, behavior.scaleUp, now), event] }
    : { ...memory, scaleDowns: [...recent(memory.scaleDowns, behavior.scaleDown, now), event] }
}

function recent(events: ScaleEvent[], rules: any, now: number): ScaleEvent[] {
  const periods: number[] = (rules?.policies ?? []).map((policy: any) => policy.periodSeconds)
  const longest = Math.max(0, ...periods) * 1000
  return events.filter(({ atMs }) => atMs > now - longest)
}

/** Replicas changed in the last `periodSeconds`. */
export function changedIn(events: ScaleEvent[], periodSeconds: number, now: number): number {
  return events
    .filter(({ atMs }) => atMs > now - periodSeconds * 1000)
    .reduce((sum, { change }) => sum + change, 0)
}
