/** From a request to its handler. */
import { ApiError } from '../../errors.ts'
import { hasSubresource } from '../registry/context.ts'
import { handleDiscovery } from './discovery-routes.ts'
import type { Exchange, Handler, ResourceExchange } from './exchange.ts'
import { handleList } from './list.ts'
import {
  handleCreate,
  handleDelete,
  handleDeleteCollection,
  handleGet,
  handlePatch,
  handleUpdate,
} from './objects.ts'
import { handleOpenapi } from './openapi-routes.ts'
import { booleanOf } from './options.ts'
import { parsePath } from './path.ts'
import { sendText } from './respond.ts'
import { handleStatic } from './static-routes.ts'
import { subresourceHandler } from './subresources.ts'
import { EXTERNAL_METRICS, virtualHandler } from './virtual.ts'
import { handleWatch } from './watch.ts'

/** Answers a request of an authenticated user. Throws ApiError for what cannot be answered. */
export async function dispatch(exchange: Exchange): Promise<void> {
  const { request } = exchange
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (reads && (handleStatic(exchange) || handleDiscovery(exchange) || handleOpenapi(exchange))) return
  const resource = resourceExchange(exchange)
  if (!resource) {
    sendText(exchange, 404, '404 page not found\n')
    return
  }
  await handlerFor(resource)(resource)
}

/** The exchange with the resource type of its path; undefined when nothing serves the path. */
export function resourceExchange(exchange: Exchange): ResourceExchange | undefined {
  const path = parsePath(exchange.url.pathname)
  if (!path) return undefined
  // In external.metrics.k8s.io the metric stands where the type's name belongs.
  const plural = path.group === EXTERNAL_METRICS ? 'externalmetrics' : path.plural
  const info = exchange.context.catalog.find(path.group, path.version, plural)
  if (!info || (path.namespace !== undefined && !info.namespaced)) return undefined
  if (path.subresource !== undefined && !hasSubresource(info, path.subresource.split('/')[0]!))
    return undefined
  return { ...exchange, path, info }
}

function handlerFor(exchange: ResourceExchange): Handler {
  const { path, info, request } = exchange
  const virtual = virtualHandler(exchange)
  if (virtual) return virtual
  const method = request.method === 'HEAD' ? 'GET' : request.method!
  const handler = path.subresource
    ? subresourceHandler(method, path.subresource)
    : path.name === undefined
      ? collectionHandler(method, exchange)
      : objectHandler(method, exchange)
  const verb = VERBS[method]
  if (handler && verb) return handler
  const kind = path.subresource ? `${info.plural}/${path.subresource}` : info.plural
  throw new ApiError(
    405,
    'MethodNotAllowed',
    `${verb ?? method.toLowerCase()} is not supported on resources of kind "${kind}"`,
    { ...(info.group ? { group: info.group } : {}), kind },
  )
}

const VERBS: Record<string, string> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

function collectionHandler(method: string, exchange: ResourceExchange): Handler | undefined {
  const { info, path, query } = exchange
  const watch = path.watch || booleanOf(query, 'watch')
  const [verb, handler] = (
    {
      GET: watch ? ['watch', handleWatch] : ['list', handleList],
      POST: ['create', handleCreate],
      DELETE: ['deletecollection', handleDeleteCollection],
    } as Record<string, [string, Handler]>
  )[method] ?? ['', undefined]
  return info.verbs.includes(verb) ? handler : undefined
}

function objectHandler(method: string, { info, path, query }: ResourceExchange): Handler | undefined {
  const watch = path.watch || booleanOf(query, 'watch')
  const [verb, handler] = (
    {
      GET: watch ? ['watch', handleWatch] : ['get', handleGet],
      PUT: ['update', handleUpdate],
      PATCH: ['patch', handlePatch],
      DELETE: ['delete', handleDelete],
    } as Record<string, [string, Handler]>
  )[method] ?? ['', undefined]
  return info.verbs.includes(verb) ? handler : undefined
}
