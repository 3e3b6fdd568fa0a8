/** Reads a small JSON body. */
import type { IncomingMessage } from 'node:http'
import { DevenvError, messageOf } from '../lib/errors.ts'

const MOST_BYTES = 16 * 1024

/** USAGE when it is too long, not declared as JSON (which a form of another site cannot do) or not JSON. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new DevenvError('USAGE', 'the body must be application/json')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new DevenvError('USAGE', `the body is longer than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (thrown) {
    throw new DevenvError('USAGE', `the body is not JSON: ${messageOf(thrown)}`, { cause: thrown })
  }
}
