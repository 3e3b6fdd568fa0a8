/** GET of a collection: selectors, resourceVersion semantics, pages. */
import { ApiError, badRequest } from '../../errors.ts'
import { type KubeObject, keyOf } from '../../objects.ts'
import { listObjects, type Selection } from '../registry/read.ts'
import { type ContinueToken, decodeContinue, encodeContinue } from './continue-token.ts'
import type { ResourceExchange } from './exchange.ts'
import { numberOf } from './options.ts'
import { checkListOptions, expired, parseRevision, untilRevision } from './revision.ts'
import { type ListMeta, sendList } from './transform.ts'

export async function handleList(exchange: ResourceExchange): Promise<void> {
  const { query, context, info } = exchange
  checkListOptions(query, false)
  const limit = numberOf(query, 'limit') ?? 0
  const selection = selectionOf(exchange)
  const token = query.get('continue') ? decodeContinue(query.get('continue')!) : undefined
  const revision = await revisionOf(exchange, token, limit)
  const all = listObjects(context, info, selection, revision)
  if (!all) throw expiredPage(token)
  const shown = Math.min(revision, context.store.revision)
  const { page, metadata } = paginate(all, token, limit, shown)
  if (selection.labelSelector || selection.fieldSelector) delete metadata.remainingItemCount
  sendList(exchange, page, metadata)
}

/** What the path and the query select. */
export function selectionOf({ path, query }: ResourceExchange): Selection {
  const labelSelector = query.get('labelSelector')
  const fieldSelector = query.get('fieldSelector')
  return {
    ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
  }
}

async function revisionOf(
  { query, context }: ResourceExchange,
  token: ContinueToken | undefined,
  limit: number,
): Promise<number> {
  const asked = parseRevision(query.get('resourceVersion'))
  if (token) {
    if (asked) throw badRequest('specifying resource version is not allowed when using continue')
    return token.revision < 0 ? context.store.revision : token.revision
  }
  if (!asked) return context.store.revision
  await untilRevision(context, asked)
  const match = query.get('resourceVersionMatch')
  const exact = match === 'Exact' || (!match && limit > 0)
  return exact ? asked : context.store.revision
}

function paginate(
  all: KubeObject[],
  token: ContinueToken | undefined,
  limit: number,
  revision: number,
): { page: KubeObject[]; metadata: ListMeta } {
  const rest = token ? all.filter((object) => keyOf(object) >= token.start) : all
  const metadata: ListMeta = { resourceVersion: String(revision) }
  if (limit <= 0 || rest.length <= limit) return { page: rest, metadata }
  metadata.continue = encodeContinue({ revision, start: keyOf(rest[limit]!) })
  metadata.remainingItemCount = rest.length - limit
  return { page: rest.slice(0, limit), metadata }
}

/** 410; for a page, with a token that goes on from there without the consistency. */
function expiredPage(token: ContinueToken | undefined): ApiError {
  if (!token) return expired('The resourceVersion for the provided list is too old.')
  return new ExpiredPage(encodeContinue({ revision: -1, start: token.start }))
}

class ExpiredPage extends ApiError {
  readonly #continue: string

  constructor(token: string) {
    super(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    )
    this.#continue = token
  }

  override toStatus(): Record<string, unknown> {
    return { ...super.toStatus(), metadata: { continue: this.#continue } }
  }
}
