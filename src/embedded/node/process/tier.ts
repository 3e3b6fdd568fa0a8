/** How well a machine can contain a pod's processes. */

/**
 * - `root-namespaces`: mount, PID and UTS namespaces of its own for each container, as root
 * - `user-namespaces`: the same, inside an unprivileged user namespace
 * - `groups`: plain process groups and a guardian that ends them; no mounts
 */
export type Tier = 'root-namespaces' | 'user-namespaces' | 'groups'

export interface ProbedTier {
  tier: Tier
  /** Why this one and not a better one, as a sentence fragment for people. */
  reason: string
}
