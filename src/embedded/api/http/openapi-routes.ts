/** /openapi/v3 and /openapi/v2: the index, and documents that may be cached for as long as their hash. */
import { ApiError } from '../../errors.ts'
import type { Exchange } from './exchange.ts'
import { sendJson } from './respond.ts'

const YEAR_MS = 365 * 24 * 3600 * 1000

/** Answers an OpenAPI path; false when there is no such document. */
export function handleOpenapi(exchange: Exchange): boolean {
  const { url, context } = exchange
  if (url.pathname === '/openapi/v3' || url.pathname === '/openapi/v3/') {
    sendJson(exchange, 200, index(context.catalog.openapiPaths()))
    return true
  }
  if (url.pathname === '/openapi/v2') {
    sendV2(exchange)
    return true
  }
  if (!url.pathname.startsWith('/openapi/v3/')) return false
  return sendV3(exchange, url.pathname.slice('/openapi/v3/'.length))
}

function index(paths: Record<string, string>): Record<string, unknown> {
  const entries = Object.entries(paths).map(([path, hash]) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` },
  ])
  return { paths: Object.fromEntries(entries) }
}

function sendV3(exchange: Exchange, path: string): boolean {
  const { context, query, response } = exchange
  const hash = context.catalog.openapiPaths()[path]
  if (hash === undefined) return false
  const asked = query.get('hash')
  if (asked !== null && asked !== hash) {
    response.writeHead(301, { Location: `/openapi/v3/${path}?hash=${hash}` }).end()
    return true
  }
  const document = context.catalog.openapiV3(path)
  if (!document) return false
  response.setHeader('ETag', `"${hash}"`)
  response.setHeader('Vary', 'Accept')
  if (asked !== null) {
    response.setHeader('Cache-Control', 'public, immutable')
    response.setHeader('Expires', new Date(context.clock.now() + YEAR_MS).toUTCString())
  }
  if (exchange.request.headers['if-none-match'] === `"${hash}"`) response.writeHead(304).end()
  else sendJson(exchange, 200, document)
  return true
}

/** v2 is served as JSON only; the protobuf form is one that kubectl reads when v3 is missing. */
function sendV2(exchange: Exchange): void {
  const accept = exchange.request.headers.accept ?? ''
  if (accept.includes('proto-openapi') && !/application\/json|\*\/\*/.test(accept)) {
    throw new ApiError(406, 'NotAcceptable', 'only the following media types are accepted: application/json')
  }
  sendJson(exchange, 200, exchange.context.catalog.openapiV2())
}
