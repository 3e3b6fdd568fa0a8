/** Kubernetes' protobuf bodies: `k8s\0` and a runtime.Unknown around the object. */
import { messageOf } from '../../../lib/errors.ts'
import { ApiError, badRequest } from '../../errors.ts'
import { decodeMessage } from './decode.ts'
import { Reader } from './reader.ts'
import { wireMessageOf } from './wire-types.ts'

const MAGIC = Buffer.from('k8s\0')

/** The object of a protobuf body. 400 for malformed bytes, 415 for kinds that have no protobuf form here. */
export function decodeEnvelope(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  try {
    return decodeUnknown(bytes.subarray(MAGIC.length))
  } catch (thrown) {
    if (thrown instanceof RangeError || thrown instanceof SyntaxError) {
      throw badRequest(`cannot decode protobuf: ${messageOf(thrown)}`)
    }
    throw thrown
  }
}

function decodeUnknown(bytes: Buffer): Record<string, unknown> {
  const { typeMeta, raw } = parts(bytes)
  const { apiVersion, kind } = typeNames(typeMeta)
  const message = wireMessageOf(apiVersion, kind)
  if (!message) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml (no protobuf for ${apiVersion}, Kind=${kind})`,
    )
  }
  return { apiVersion, kind, ...decodeMessage(message, raw) }
}

function parts(bytes: Buffer): { typeMeta: Buffer; raw: Buffer } {
  const found: { typeMeta: Buffer; raw: Buffer } = { typeMeta: Buffer.alloc(0), raw: Buffer.alloc(0) }
  const reader = new Reader(bytes)
  while (!reader.done) {
    const { field, wire } = reader.tag()
    if (wire === 2 && field === 1) found.typeMeta = reader.bytes()
    else if (wire === 2 && field === 2) found.raw = reader.bytes()
    else reader.skip(wire)
  }
  return found
}

function typeNames(typeMeta: Buffer): { apiVersion: string; kind: string } {
  const names = { apiVersion: '', kind: '' }
  const reader = new Reader(typeMeta)
  while (!reader.done) {
    const { field, wire } = reader.tag()
    if (wire === 2 && field === 1) names.apiVersion = reader.bytes().toString()
    else if (wire === 2 && field === 2) names.kind = reader.bytes().toString()
    else reader.skip(wire)
  }
  return names
}
