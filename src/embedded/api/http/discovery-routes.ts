/** /api, /apis and what lies directly below: discovery with ETags. */
import { createHash } from 'node:crypto'
import { parseAccept } from './accept.ts'
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts'
import type { Exchange } from './exchange.ts'
import { sendJson, sendObject } from './respond.ts'

const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Answers a discovery path; false when the path is none, or names what is not served. */
export function handleDiscovery(exchange: Exchange): boolean {
  const { context, request, url } = exchange
  const { catalog } = context
  const [root, first, second, ...rest] = url.pathname.split('/').filter((segment) => segment !== '')
  if (rest.length > 0) return false
  if (first === undefined && (root === 'api' || root === 'apis')) {
    exchange.response.setHeader('Vary', 'Accept')
    if (wantsAggregated(request.headers.accept)) {
      sendTagged(exchange, aggregatedDiscovery(catalog, root === 'api'))
    } else {
      const address = request.headers.host ?? ''
      sendObject(exchange, 200, root === 'api' ? apiVersions(address) : apiGroupList(catalog))
    }
    return true
  }
  const document = documentOf(exchange, root, first, second)
  if (!document) return false
  sendObject(exchange, 200, document)
  return true
}

function documentOf(
  { context: { catalog } }: Exchange,
  root: string | undefined,
  first: string | undefined,
  second: string | undefined,
): Record<string, unknown> | undefined {
  if (first === undefined) return undefined
  if (root === 'api') return second === undefined ? apiResourceList(catalog, '', first) : undefined
  if (root !== 'apis') return undefined
  return second === undefined ? apiGroup(catalog, first) : apiResourceList(catalog, first, second)
}

/** Whether the aggregated form comes before the plain one in the client's preference. */
function wantsAggregated(accept: string | undefined): boolean {
  for (const { type, parameters } of parseAccept(accept)) {
    if (type !== 'application/json') continue
    const { as, g, v } = parameters
    if (as === undefined) return false
    if (as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2') return true
  }
  return false
}

function sendTagged(exchange: Exchange, document: Record<string, unknown>): void {
  const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex').toUpperCase()
  const tag = `"${hash}"`
  exchange.response.setHeader('ETag', tag)
  if (exchange.request.headers['if-none-match'] === tag) {
    exchange.response.writeHead(304).end()
    return
  }
  sendJson(exchange, 200, document, AGGREGATED_TYPE)
}
