/** Reads status.conditions, the way every API of the stack reports its state. */

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
}

export function condition(object: { status?: any } | undefined, type: string): Condition | undefined {
  const conditions: Condition[] | undefined = object?.status?.conditions
  return conditions?.find((candidate) => candidate.type === type)
}

/** True when the condition is there and True. */
export function holds(object: { status?: any } | undefined, type: string): boolean {
  return condition(object, type)?.status === 'True'
}
