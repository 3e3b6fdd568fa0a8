/** Objects and lists as Tables or as metadata alone. */
import type { KubeObject } from '../../objects.ts'
import type { TableColumn } from '../../schema/types.ts'
import { groupVersion } from '../registry/context.ts'
import { type Negotiated, negotiate, type Shape } from './accept.ts'
import type { Exchange, ResourceExchange } from './exchange.ts'
import { sendObject } from './respond.ts'

export interface ListMeta {
  resourceVersion: string
  continue?: string
  remainingItemCount?: number
}

/** Sends one object in the shape that the client asked for. */
export function sendOne(exchange: ResourceExchange, code: number, object: KubeObject): void {
  sendObject(exchange, code, shapeOne(exchange, shapeOf(exchange), object))
}

/** Sends a list in the shape that the client asked for. */
export function sendList(exchange: ResourceExchange, objects: KubeObject[], metadata: ListMeta): void {
  const { info } = exchange
  const shape = shapeOf(exchange)
  if (shape === 'Table') {
    sendObject(exchange, 200, table(exchange, objects, metadata))
  } else if (shape) {
    const items = objects.map(partial)
    sendObject(exchange, 200, {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items,
    })
  } else {
    sendObject(exchange, 200, {
      kind: info.listKind,
      apiVersion: groupVersion(info),
      metadata,
      items: objects,
    })
  }
}

/** One object in a shape; `first` = false leaves out a Table's column definitions, as watches do. */
export function shapeOne(
  exchange: ResourceExchange,
  shape: Shape | undefined,
  object: KubeObject,
  first = true,
): unknown {
  if (shape === undefined) return object
  if (shape !== 'Table') return partial(object)
  const whole = table(exchange, [object], { resourceVersion: object.metadata.resourceVersion })
  return first ? whole : { ...whole, columnDefinitions: null }
}

/** The shape of the best clause that can be served. */
export function shapeOf({ request }: Exchange): Negotiated['shape'] {
  return negotiate(request.headers.accept).shape
}

interface TableObject {
  kind: 'Table'
  apiVersion: string
  metadata: ListMeta
  columnDefinitions: TableColumn[] | null
  rows: { cells: unknown[]; object?: unknown }[]
}

function table(
  { context, info, query }: ResourceExchange,
  objects: KubeObject[],
  metadata: ListMeta,
): TableObject {
  const { columnDefinitions, rows } = context.catalog.table(info, objects, context.clock.now())
  const include = query.get('includeObject') ?? 'Metadata'
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions,
    rows: objects.map((object, at) => ({
      cells: rows[at] ?? [],
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }),
    })),
  }
}

function partial({ metadata }: KubeObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
