/** Health of Services, Ingresses and volume claims. */
import type { KubeObject } from '../../../objects.ts'
import type { Health } from '../types.ts'

export function service({ spec, status }: KubeObject): Health {
  const waits = spec?.type === 'LoadBalancer' && !status?.loadBalancer?.ingress?.length
  return { status: waits ? 'Progressing' : 'Healthy' }
}

/** Without an ingress controller that reports an address this stays Progressing. */
export function ingress({ status }: KubeObject): Health {
  return { status: status?.loadBalancer?.ingress?.length ? 'Healthy' : 'Progressing' }
}

const CLAIMS: Record<string, Health['status']> = {
  Bound: 'Healthy',
  Pending: 'Progressing',
  Lost: 'Degraded',
}

export function persistentVolumeClaim({ status }: KubeObject): Health {
  return { status: CLAIMS[status?.phase] ?? 'Unknown' }
}
