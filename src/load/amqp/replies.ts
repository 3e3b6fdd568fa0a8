/** How requests are named and answers are read. */

/** `RUN.QUEUE.INDEX`: short, and enough to book an answer without a map from id to message. */
export function correlationId(run: string, queue: number, index: number): string {
  return `${run}.${queue}.${index}`
}

/** The message that a correlation id of this run names, or undefined. */
export function parseCorrelationId(run: string, text: unknown): { queue: number; index: number } | undefined {
  if (typeof text !== 'string') return undefined
  const match = /^([^.]+)\.(\d+)\.(\d+)$/.exec(text)
  return match && match[1] === run ? { queue: Number(match[2]), index: Number(match[3]) } : undefined
}

/** True when a worker's answer reports an error (or cannot be read). */
export function isFailedReply(content: Uint8Array): boolean {
  try {
    const reply: unknown = JSON.parse(Buffer.from(content).toString('utf8'))
    return !(typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === 'success')
  } catch {
    return true
  }
}

/** The header `x-service-ms` of a worker's answer; undefined when it says nothing of the kind. */
export function serviceMsOf(headers: Record<string, unknown> | undefined): number | undefined {
  const value = headers?.['x-service-ms']
  const ms = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : undefined
}
