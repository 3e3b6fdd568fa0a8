/** What a stream handler gets. */
import type { NodeAgent } from '../../node/agent.ts'
import type { KubeObject } from '../../objects.ts'

export interface StreamTarget {
  agent: NodeAgent
  namespace: string
  pod: KubeObject
  query: URLSearchParams
}
