/** Who asks. */

export interface User {
  name: string
  groups: string[]
  uid?: string
  extra?: Record<string, string[]>
}
