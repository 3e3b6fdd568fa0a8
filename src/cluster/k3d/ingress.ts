/** The Ingress of a full cluster: k3s' traefik, for the class that team1's chart asks for too. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'

/** What production has; traefik serves every class whose controller it is. */
const CLASS = 'nginx'

/** Without it the chart's Ingress would have nobody, and Argo CD would call it Progressing for ever. */
export function ingressObjects(environment: string): KubeObject[] {
  const ingressClass = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: CLASS },
    spec: { controller: 'traefik.io/ingress-controller' },
  }
  return [owned(ingressClass, environment)]
}
