/** What every namespace is born with: the `default` ServiceAccount and the cluster's CA certificate. */
import type { KubeObject, Manifest } from '../../objects.ts'
import { applyChanges, type Change } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from '../shared/resources.ts'

export const ROOT_CA = 'kube-root-ca.crt'
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

interface NamespaceContents {
  namespace: KubeObject
  serviceAccount: KubeObject | undefined
  rootCa: KubeObject | undefined
}

/** Creates what is missing, and puts the certificate back where someone changed it. `caCertificate` is PEM. */
function reconcileServiceAccount(found: NamespaceContents, caCertificate: string): Change[] {
  const { metadata, status } = found.namespace
  if (metadata.deletionTimestamp || status?.phase === 'Terminating') return []
  const namespace = metadata.name
  const changes: Change[] = []
  if (!found.serviceAccount) {
    const object: Manifest = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    }
    changes.push({ verb: 'create', resource: SERVICE_ACCOUNTS, object })
  }
  const data = { 'ca.crt': caCertificate }
  if (!found.rootCa) {
    const annotations = { 'kubernetes.io/description': DESCRIPTION }
    const object: Manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: ROOT_CA, namespace, annotations },
      data,
    }
    changes.push({ verb: 'create', resource: CONFIG_MAPS, object })
  } else if (found.rootCa.data?.['ca.crt'] !== caCertificate) {
    changes.push({ verb: 'patch', resource: CONFIG_MAPS, namespace, name: ROOT_CA, patch: { data } })
  }
  return changes
}

/** The serviceaccount and root-ca-cert-publisher controllers. */
export function serviceAccountController(options: { caCertificate: string }): Controller {
  const namespaceKey = (object: KubeObject) => [object.metadata.namespace!]
  return {
    name: 'serviceaccount-controller',
    watches: [
      { resource: NAMESPACES },
      {
        resource: SERVICE_ACCOUNTS,
        keys: namespaceKey,
        when: ({ metadata }) => metadata.name === 'default',
      },
      { resource: CONFIG_MAPS, keys: namespaceKey, when: ({ metadata }) => metadata.name === ROOT_CA },
    ],
    reconcile(name, context) {
      const namespace = context.client.get(NAMESPACES, undefined, name)
      if (!namespace) return undefined
      const found = {
        namespace,
        serviceAccount: context.client.get(SERVICE_ACCOUNTS, name, 'default'),
        rootCa: context.client.get(CONFIG_MAPS, name, ROOT_CA),
      }
      applyChanges(reconcileServiceAccount(found, options.caCertificate), context, 'root-ca-cert-publisher')
      return undefined
    },
  }
}
