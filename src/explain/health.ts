/** Which objects keep an Application from being Healthy: since Argo CD 3 the rows of its status no longer say so. */
import { missingDeployment, missingMetrics, missingReady } from '../components/ready/conditions.ts'
import { podsOf, podsWaiting } from '../components/ready/pods.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Snapshot } from './snapshot.ts'
import { clause } from './words.ts'

/** What is wrong with an object in Argo CD's eyes, as a fragment; undefined when it is fine. */
type Check = (object: KubeObject) => string | undefined

/** The kinds whose health Argo CD takes from their status, as far as a snapshot has them. */
const CHECKS: Record<string, { of: (snapshot: Snapshot) => KubeObject[]; check: Check }> = {
  Rollout: { of: ({ workloads }) => workloads, check: rolloutPhase },
  Deployment: { of: ({ workloads }) => workloads, check: missingDeployment },
  StatefulSet: { of: ({ workloads }) => workloads, check: missingPods },
  HorizontalPodAutoscaler: { of: ({ hpas }) => hpas, check: missingMetrics },
  ScaledObject: { of: ({ scaledObjects }) => scaledObjects, check: missingReady },
  ExternalSecret: { of: ({ externalSecrets }) => externalSecrets, check: missingReady },
  SecretStore: { of: ({ secretStores }) => secretStores, check: missingReady },
}

/** `HorizontalPodAutoscaler web: FailedGetResourceMetric: …`, for each of its objects that is not healthy now. */
export function unhealthyOf({ status = {} }: KubeObject, snapshot: Snapshot): string[] {
  return (status.resources ?? []).flatMap(({ kind, name, namespace, health }: any) => {
    // Argo CD before 3, or one that is told to: controller.resource.health.persist.
    if (health) return health.status === 'Healthy' ? [] : [`${kind} ${name}: ${health.status}`]
    const { of, check } = CHECKS[kind] ?? {}
    const live = of?.(snapshot).find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === name &&
        (namespace === undefined || one.metadata.namespace === namespace),
    )
    const wrong = live && check?.(live)
    if (!wrong) return []
    const pod = podsWaiting(podsOf(live, snapshot.pods))
    return [`${kind} ${name}: ${clause(wrong)}${pod ? `; ${clause(pod)}` : ''}`]
  })
}

function rolloutPhase({ status = {} }: KubeObject): string | undefined {
  if (status.phase === 'Healthy') return undefined
  return `${status.phase ?? 'no phase yet'}${status.message ? `: ${status.message}` : ''}`
}

function missingPods({ spec, status = {} }: KubeObject): string | undefined {
  const wanted = spec?.replicas ?? 1
  const ready = status.readyReplicas ?? 0
  return ready < wanted ? `${ready}/${wanted} ready` : undefined
}
