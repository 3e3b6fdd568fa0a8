/** What containers said. */
import type { Engine } from './engine.ts'

/** Each piece of the output has a header: the stream (below 3), three zeros, the length as four bytes. */
const HEADER_BYTES = 8
const LAST_STREAM = 2

/** The last lines of both streams, as text. */
export async function containerLog(
  engine: Engine,
  container: string,
  options: { tail: number; timestamps?: boolean },
): Promise<string> {
  const output = await engine.getContainer(container).logs({ stdout: true, stderr: true, ...options })
  return withoutHeaders(output)
}

/** The text of both streams, in the order in which the engine sent their pieces; a terminal's has no headers. */
export function withoutHeaders(output: Buffer): string {
  if (output.length > 0 && output[0]! > LAST_STREAM) return output.toString('utf8')
  const pieces: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= output.length; ) {
    const end = at + HEADER_BYTES + output.readUInt32BE(at + HEADER_BYTES / 2)
    pieces.push(output.subarray(at + HEADER_BYTES, end))
    at = end
  }
  return Buffer.concat(pieces).toString('utf8')
}
