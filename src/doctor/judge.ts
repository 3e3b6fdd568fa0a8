/** What the findings amount to: which kinds of cluster this machine can run. */
import type { Finding } from './check.ts'

export interface Verdicts {
  findings: Finding[]
  /** Whether `npm run up` can bring up an environment here. */
  able: boolean
  /** The kinds of cluster that it can have. */
  clusters: NonNullable<Finding['cluster']>[]
}

const KINDS = ['embedded', 'k3d'] as const

/** What one kind of cluster lacks is no trouble where another can run: it becomes optional, and says so. */
export function judge(found: Finding[]): Verdicts {
  const clusters = KINDS.filter((kind) =>
    found.every(({ verdict, cluster = kind }) => verdict !== 'missing' || cluster !== kind),
  )
  const findings = found.map((finding): Finding => {
    if (finding.verdict !== 'missing' || finding.cluster === undefined || clusters.length === 0)
      return finding
    return {
      ...finding,
      verdict: 'optional',
      message: `${finding.message}; ${clusters.join(' and ')} does without`,
    }
  })
  return { findings, able: clusters.length > 0, clusters }
}
