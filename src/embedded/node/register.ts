/** The node's place in the API: its Node object and its lease. */

import type { Clock } from '../../lib/clock.ts'
import { rfc3339Micro, type Timer } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/log.ts'
import type { Client } from '../client.ts'
import type { Manifest } from '../objects.ts'

const LEASES = 'coordination.k8s.io/v1/leases'
const LEASE_NAMESPACE = 'kube-node-lease'
const LEASE_SECONDS = 40
const RENEW_MS = 10_000

/** Creates the Node, or brings the one of an earlier run up to date. */
export function registerNode(client: Client, node: Manifest): void {
  const name = node.metadata.name!
  const options = { fieldManager: 'kubelet' }
  if (!client.get('v1/nodes', undefined, name)) client.create('v1/nodes', node, options)
  else
    client.patch(
      'v1/nodes',
      undefined,
      name,
      { metadata: { labels: node.metadata.labels } },
      { type: 'merge', ...options },
    )
  client.patch(
    'v1/nodes',
    undefined,
    name,
    { status: node.status },
    { type: 'merge', subresource: 'status', ...options },
  )
}

/** Renews the node's lease until disposed. A cluster without the lease namespace goes without. */
export function keepLease(client: Client, clock: Clock, nodeName: string, log: Logger): Disposable {
  let timer: Timer | undefined
  let stopped = false
  const renew = () => {
    if (stopped) return
    try {
      const renewTime = rfc3339Micro(clock.now())
      if (client.get(LEASES, LEASE_NAMESPACE, nodeName)) {
        client.patch(
          LEASES,
          LEASE_NAMESPACE,
          nodeName,
          { spec: { renewTime } },
          { type: 'merge', fieldManager: 'kubelet' },
        )
      } else if (client.get('v1/namespaces', undefined, LEASE_NAMESPACE)) {
        client.create(LEASES, {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: nodeName, namespace: LEASE_NAMESPACE },
          spec: { holderIdentity: nodeName, leaseDurationSeconds: LEASE_SECONDS, renewTime },
        })
      }
    } catch (thrown) {
      log.warn(`lease: ${messageOf(thrown)}`)
    }
    timer = clock.after(RENEW_MS, renew)
  }
  renew()
  return {
    [Symbol.dispose]() {
      stopped = true
      timer?.cancel()
    },
  }
}
