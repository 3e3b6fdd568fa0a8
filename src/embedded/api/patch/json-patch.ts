/** JSON patch (RFC 6902). */
import fastJsonPatch, { type Operation } from 'fast-json-patch'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError, badRequest } from '../../errors.ts'
import { clone } from '../../store/json.ts'

const MAX_OPERATIONS = 10_000

/** The target after the operations. 422 when one fails (a test, a missing path), 413 when they are too many. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations))
    throw badRequest('error decoding patch: a JSON patch is a list of operations')
  if (operations.length > MAX_OPERATIONS) {
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `Request entity is too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    )
  }
  try {
    return fastJsonPatch.applyPatch(clone(target), clone(operations) as Operation[], true).newDocument
  } catch (thrown) {
    // The library's message holds the whole document; its first line says what failed.
    const why = messageOf(thrown).split('\n')[0]
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${why}`,
    )
  }
}
