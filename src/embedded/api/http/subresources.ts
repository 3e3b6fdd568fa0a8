/** Handlers of subresources. */
import { handleBinding } from './binding.ts'
import { handleEviction } from './eviction.ts'
import type { Handler } from './exchange.ts'
import { handleLog } from './log.ts'
import { handleGet, handlePatch, handleUpdate } from './objects.ts'
import { handleGetScale, handlePatchScale, handleUpdateScale } from './scale.ts'
import { handleToken } from './token.ts'
import { handleUpgradeRequired } from './upgrade-required.ts'

// Subresources that show the parent and write a part of it.
const PART: Record<string, Handler> = { GET: handleGet, PUT: handleUpdate, PATCH: handlePatch }
const STREAM: Record<string, Handler> = { GET: handleUpgradeRequired, POST: handleUpgradeRequired }

const HANDLERS: Record<string, Record<string, Handler>> = {
  status: PART,
  finalize: { PUT: handleUpdate },
  resize: PART,
  ephemeralcontainers: PART,
  scale: { GET: handleGetScale, PUT: handleUpdateScale, PATCH: handlePatchScale },
  log: { GET: handleLog },
  eviction: { POST: handleEviction },
  binding: { POST: handleBinding },
  token: { POST: handleToken },
  exec: STREAM,
  attach: STREAM,
  portforward: STREAM,
}

/** The handler of a method on a subresource, undefined when it has none. */
export function subresourceHandler(method: string, subresource: string): Handler | undefined {
  return HANDLERS[subresource]?.[method]
}
