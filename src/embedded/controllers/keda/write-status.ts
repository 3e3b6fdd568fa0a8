/** Status writes of a ScaledObject: one merge patch with what changed, or nothing. */
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '../../client.ts'
import { isStatus } from '../../errors.ts'
import { KEDA_OPERATOR, SCALED_OBJECTS } from './resources.ts'
import type { ScaledObject, ScaledObjectStatus } from './types.ts'

/** Reads the newest status, lets `change` make the next one, and writes the difference. */
export function writeStatus(
  client: Client,
  { metadata }: Pick<ScaledObject, 'metadata'>,
  change: (status: ScaledObjectStatus) => ScaledObjectStatus,
): void {
  const current = client.get(SCALED_OBJECTS, metadata.namespace, metadata.name)
  // Another object of the same name is none of ours.
  if (!current || current.metadata.uid !== metadata.uid) return
  const status: ScaledObjectStatus = current.status ?? {}
  const patch = mergePatchOf(status, change(status))
  if (patch === undefined) return
  try {
    client.patch(
      SCALED_OBJECTS,
      metadata.namespace,
      metadata.name,
      { status: patch },
      {
        type: 'merge',
        subresource: 'status',
        fieldManager: KEDA_OPERATOR,
      },
    )
  } catch (thrown) {
    if (!isStatus(thrown, 404)) throw thrown
  }
}

/** The RFC 7386 patch that turns `from` into `to`; undefined when they are equal. Lists are replaced whole. */
export function mergePatchOf(from: unknown, to: unknown): unknown {
  if (isDeepStrictEqual(from, to)) return undefined
  if (!isPlain(from) || !isPlain(to)) return to
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const value = to[key] === undefined ? null : mergePatchOf(from[key], to[key])
    if (value === undefined || (value === null && from[key] === undefined)) continue
    patch[key] = value
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
