/** Types without stored objects: reviews that are answered at once, and metrics that the node measures. */

import type { Handler, ResourceExchange } from './exchange.ts'
import { handleExternalMetrics, handleNodeMetrics, handlePodMetrics } from './metrics.ts'
import { reviewHandler } from './reviews.ts'

export const EXTERNAL_METRICS = 'external.metrics.k8s.io'

/** The handler of a type that is computed and not stored; undefined for all others. */
export function virtualHandler({ info, request }: ResourceExchange): Handler | undefined {
  const reads = request.method === 'GET'
  switch (info.group) {
    case 'metrics.k8s.io':
      if (!reads) return undefined
      return info.plural === 'nodes' ? handleNodeMetrics : handlePodMetrics
    case EXTERNAL_METRICS:
      return reads ? handleExternalMetrics : undefined
    case 'authentication.k8s.io':
    case 'authorization.k8s.io':
      return request.method === 'POST' ? reviewHandler(info.kind) : undefined
    default:
      return undefined
  }
}
