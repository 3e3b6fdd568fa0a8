/** A service of ours inside a cluster: one pod, and the name by which others find it. */
import type { KubeObject } from '../../lib/kube/object.ts'

const NAME_LABEL = 'app.kubernetes.io/name'

/** The label by which the pods of a service are selected. */
export function serviceLabels(name: string): Record<string, string> {
  return { [NAME_LABEL]: name }
}

/** A Deployment of one pod, which is replaced rather than joined: two at once would be two stores. */
export function singlePod(namespace: string, name: string, spec: object): KubeObject {
  const labels = serviceLabels(name)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { enableServiceLinks: false, automountServiceAccountToken: false, ...spec },
      },
    },
  }
}

/** The Service in front of it, on the port that the pod listens on. */
export function podService(namespace: string, name: string, port: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: serviceLabels(name), ports: [{ port, targetPort: port }] },
  }
}
