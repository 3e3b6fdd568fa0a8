/** Request bodies: JSON, YAML and Kubernetes' protobuf envelope. */
import type { IncomingMessage } from 'node:http'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError, badRequest } from '../../errors.ts'
import { fromYaml } from './yaml.ts'

const MAX_BYTES = 3 * 1024 * 1024

/** The whole body; 413 above 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // What is too much is read all the same: a client that still writes would not see the answer.
    if (size <= MAX_BYTES) chunks.push(chunk)
  }
  if (size <= MAX_BYTES) return Buffer.concat(chunks)
  throw new ApiError(413, 'RequestEntityTooLarge', `Request entity is too large: limit is ${MAX_BYTES}`)
}

export interface Body {
  /** undefined when there is no body. */
  value: unknown
  /** The text, for JSON: to look for duplicate fields. */
  text?: string
}

/** Reads and decodes a body by its Content-Type; 415 for types that are not known. */
export async function readObject(request: IncomingMessage): Promise<Body> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return { value: undefined }
  const type = mediaType(request)
  switch (type) {
    case '':
    case 'application/json':
      return { value: parseJson(bytes.toString()), text: bytes.toString() }
    case 'application/yaml':
      return { value: fromYaml(bytes.toString()) }
    case 'application/vnd.kubernetes.protobuf': {
      const { decodeEnvelope } = await import('../protobuf/envelope.ts')
      return { value: decodeEnvelope(bytes) }
    }
    default:
      throw unsupportedMediaType('application/json, application/yaml, application/vnd.kubernetes.protobuf')
  }
}

/** Content-Type without its parameters. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}

export function unsupportedMediaType(accepted: string): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  )
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${messageOf(thrown)}`)
  }
}
