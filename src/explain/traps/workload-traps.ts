/** Known traps that keep a workload from the replicas people expect. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { type Snapshot, scales } from '../snapshot.ts'
import type { Trap } from '../why.ts'
import { applicationOf, ignoresReplicas, replicasFromGit, respectsIgnored } from './gitops.ts'
import { once } from './once.ts'
import { podTraps } from './pod-traps.ts'
import { rolloutTraps } from './rollout-traps.ts'
import { scalingTraps } from './scaling-traps.ts'

/** `pods` are the workload's own. */
export function workloadTraps(workload: KubeObject, pods: KubeObject[], snapshot: Snapshot): Trap[] {
  return once([
    ...scalingTraps(workload, snapshot),
    ...staticReplicas(workload, snapshot),
    ...(workload.kind === 'Rollout' ? rolloutTraps(workload, snapshot) : []),
    ...noReadinessProbe(workload, snapshot),
    ...blockedEvictions(workload, snapshot),
    ...podTraps(pods, snapshot),
  ])
}

function staticReplicas(workload: KubeObject, snapshot: Snapshot): Trap[] {
  const scaler = [...snapshot.scaledObjects, ...snapshot.hpas].find((one) => scales(one, workload))
  const application = applicationOf(workload, snapshot)
  if (!scaler || !application || !replicasFromGit(workload)) return []
  const ignored = ignoresReplicas(application, workload)
  if (ignored && respectsIgnored(application)) return []
  const missing = ignored
    ? 'RespectIgnoreDifferences=true is missing, so every sync'
    : 'self-heal and every sync'
  return [
    {
      code: 'static-replicas',
      text: `Git sets spec.replicas, and ${scaler.kind} ${scaler.metadata.name} changes it: ${missing} of Argo CD puts it back.`,
      fix: `Leave replicas out of the manifest; or in Application ${application.metadata.name} ignoreDifferences on /spec/replicas together with syncOptions RespectIgnoreDifferences=true.`,
    },
  ]
}

/** Without a probe a pod counts as ready once its process runs: it gets requests before it listens. */
function noReadinessProbe(workload: KubeObject, { services }: Snapshot): Trap[] {
  const labels: Record<string, string> = workload.spec?.template?.metadata?.labels ?? {}
  const service = services.find(({ metadata, spec }) => {
    const selector = Object.entries((spec?.selector ?? {}) as Record<string, string>)
    return (
      metadata.namespace === workload.metadata.namespace &&
      selector.length > 0 &&
      // Rollouts adds the template's hash to the Services that it steers.
      selector.every(([key, value]) => key === 'rollouts-pod-template-hash' || labels[key] === value)
    )
  })
  const containers: any[] = workload.spec?.template?.spec?.containers ?? []
  if (!service || containers.length === 0 || containers.some(({ readinessProbe }) => readinessProbe))
    return []
  return [
    {
      code: 'no-readiness-probe',
      text: `Service ${service.metadata.name} sends requests to these pods, but none of their containers has a readinessProbe: they count as ready before they listen.`,
      fix: 'Give the container that listens a readinessProbe.',
    },
  ]
}

function blockedEvictions(workload: KubeObject, { disruptionBudgets }: Snapshot): Trap[] {
  const labels: Record<string, string> = workload.spec?.template?.metadata?.labels ?? {}
  return disruptionBudgets.flatMap(({ metadata, spec, status }) => {
    const selector = Object.entries((spec?.selector?.matchLabels ?? {}) as Record<string, string>)
    const mine = selector.length > 0 && selector.every(([key, value]) => labels[key] === value)
    const { disruptionsAllowed = 0, desiredHealthy = 0, expectedPods = 0 } = status ?? {}
    // A budget that is used up for now frees itself; one that wants every pod never does.
    if (!mine || disruptionsAllowed > 0 || expectedPods === 0 || desiredHealthy < expectedPods) return []
    return [
      {
        code: 'budget-blocks',
        text: `PodDisruptionBudget ${metadata.name} wants all ${expectedPods} pods healthy: no pod may ever be evicted, so a drain or \`rollout restart\` waits for ever.`,
        fix: 'Use maxUnavailable: 1, or a minAvailable below the number of replicas.',
      },
    ]
  })
}
