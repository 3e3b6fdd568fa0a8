/** What `down` could not remove. */
export interface Leftover {
  /** `process`, `folder`, `container`, `network`… */
  kind: string
  /** How the user finds it: a pid, a path, an id. */
  what: string
  why: string
}
