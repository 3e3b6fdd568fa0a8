/** What `why --json` prints: a chain of causes, what comes next, and the known traps that were recognised. */

/** One link of the chain: a short name, its figure, a sentence for people, and the figures it was made from. */
export interface ChainStep {
  step: string
  value: string | number | boolean | null
  text: string
  numbers?: Record<string, number>
}

/** The next moment at which something can change. */
export interface Next {
  /** Seconds from now, at the latest; absent when it waits for something other than time. */
  atSeconds?: number
  text: string
}

/** A known trap, and how to get out of it. */
export interface Trap {
  code: string
  text: string
  fix: string
  /** It is why something does not work; others explain or warn. Set when the explanation is complete. */
  cause?: true
}

/** Traps that keep something from working now; the others only explain, or warn. */
const CAUSES = new Set([
  'broker-away',
  'cause-in-event',
  'crash-loop',
  'ends-by-itself',
  'failed-mount',
  'failed-revision',
  'image-pull',
  'image-unmapped',
  'liveness-kills',
  'missing-config',
  'missing-path',
  'missing-project',
  'missing-property',
  'missing-queue',
  'missing-request',
  'missing-store',
  'node-pressure',
  'out-of-memory',
  'probe-fails',
  'self-heal-fight',
  'self-heal-off',
  'stale-credential',
  'startup-kills',
  'two-autoscalers',
  'two-owners',
  'unschedulable',
  'vault-refuses',
  'vault-unreachable',
])

/** What a reader wants to know first comes first, and says so. */
export function causesFirst(traps: readonly Trap[]): Trap[] {
  const marked = traps.map((trap): Trap => (CAUSES.has(trap.code) ? { ...trap, cause: true } : trap))
  return [...marked.filter(({ cause }) => cause), ...marked.filter(({ cause }) => !cause)]
}

export interface Explanation {
  chain: ChainStep[]
  next: Next
  traps: Trap[]
}

export interface Why extends Explanation {
  apiVersion: 'devenv/v1'
  kind: 'Why'
  /** The object's full name. */
  name: string
  namespace: string
  /** The object's kind: Deployment, Rollout, Pod, Secret, Application … */
  of: string
}

/** A link, without the ceremony. */
export function link(
  step: string,
  value: ChainStep['value'],
  text: string,
  numbers?: Record<string, number>,
): ChainStep {
  return { step, value, text, ...(numbers ? { numbers } : {}) }
}
