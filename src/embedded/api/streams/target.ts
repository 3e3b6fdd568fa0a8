/** What stream handlers get. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { NodeAgent } from '../../node/agent.ts'
import type { KubeObject } from '../../objects.ts'

export type StreamKind = 'exec' | 'attach' | 'portforward'

/** The pod and its node. */
export interface StreamTarget {
  agent: NodeAgent
  namespace: string
  pod: KubeObject
  query: URLSearchParams
}

/** An upgrade request that has not been accepted yet. */
export interface StreamRequest {
  kind: StreamKind
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  target: StreamTarget
  container: string
}
