/** What one check of the machine answers. */

/** `missing` stops an environment from coming up; `limited` makes it poorer; `optional` is a convenience. */
export type Verdict = 'ok' | 'missing' | 'limited' | 'optional'

export interface Finding {
  name: string
  verdict: Verdict
  /** What was found. */
  message: string
  /** The exact command that mends it, or a sentence where there is none. */
  fix?: string
  /** The kind of cluster that it is about; absent: any. */
  cluster?: 'embedded' | 'k3d'
}

export type Env = Record<string, string | undefined>
