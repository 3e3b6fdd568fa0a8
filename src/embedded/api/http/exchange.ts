/** One request and its answer, as the handlers see them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResourceInfo } from '../../schema/types.ts'
import type { ApiContext } from './context.ts'
import type { ResourcePath } from './path.ts'
import type { User } from './user.ts'

export interface Exchange {
  context: ApiContext
  request: IncomingMessage
  response: ServerResponse
  url: URL
  query: URLSearchParams
  user: User
  /** Texts for Warning headers. */
  warnings: Set<string>
}

/** An exchange about a resource type that is served. */
export interface ResourceExchange extends Exchange {
  path: ResourcePath
  info: ResourceInfo
}

export type Handler = (exchange: ResourceExchange) => Promise<void> | void

/** The name in the path, for handlers that are only reached with one. */
export function nameOf({ path }: ResourceExchange): string {
  return path.name!
}
