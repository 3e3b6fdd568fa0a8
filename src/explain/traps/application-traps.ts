/** Known traps of Argo CD: why an Application stays OutOfSync, or does not become Healthy. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { condition } from '../../status/conditions.ts'
import { type Snapshot, scales } from '../snapshot.ts'
import type { Trap } from '../why.ts'
import { clause } from '../words.ts'
import { ignoresReplicas, replicasFromGit, respectsIgnored } from './gitops.ts'

export function applicationTraps(application: KubeObject, snapshot: Snapshot): Trap[] {
  return [
    ...replicasFight(application, snapshot),
    ...triedRevision(application),
    ...driftStays(application, snapshot),
    ...selfHealFight(application),
    ...noProject(application),
    ...withoutAddress(application, snapshot),
    ...suspended(application, snapshot),
  ]
}

/** Workloads that git and an autoscaler both size. */
function replicasFight(application: KubeObject, snapshot: Snapshot): Trap[] {
  const scalers = [...snapshot.scaledObjects, ...snapshot.hpas]
  const managed: any[] = application.status?.resources ?? []
  const fought = snapshot.workloads.filter((workload) => {
    const { kind, metadata } = workload
    const row = managed.find((one) => one.kind === kind && one.name === metadata.name)
    const scaled = scalers.some((scaler) => scales(scaler, workload))
    if (!row || !scaled || !replicasFromGit(workload)) return false
    return !(ignoresReplicas(application, workload) && respectsIgnored(application))
  })
  if (fought.length === 0) return []
  const names = fought.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')
  const ignored = fought.every((workload) => ignoresReplicas(application, workload))
  return [
    {
      code: 'static-replicas',
      text: ignored
        ? `The replicas of ${names} are ignored in the comparison, but each sync writes git's number again.`
        : `Git sets the replicas of ${names}, which an autoscaler changes: the Application is never Synced for long.`,
      fix: ignored
        ? 'Add syncOptions RespectIgnoreDifferences=true.'
        : 'Leave replicas out of the manifest; or ignoreDifferences on /spec/replicas together with RespectIgnoreDifferences=true.',
    },
  ]
}

/** Argo CD syncs a revision by itself once. */
function triedRevision({ spec, status = {} }: KubeObject): Trap[] {
  const { phase, syncResult, message } = status.operationState ?? {}
  const same = syncResult?.revision !== undefined && syncResult.revision === status.sync?.revision
  if (!spec?.syncPolicy?.automated || !same || (phase !== 'Failed' && phase !== 'Error')) return []
  return [
    {
      code: 'failed-revision',
      text: `This revision was tried and failed (${clause(message ?? phase)}): Argo CD never tries the same one again by itself.`,
      fix: 'Mend the cause and commit, or sync by hand.',
    },
  ]
}

/** Argo CD syncs a revision once; what people change afterwards is self-heal's business. */
function driftStays({ metadata, spec, status = {} }: KubeObject, { outOfSync }: Snapshot): Trap[] {
  const { automated } = spec?.syncPolicy ?? {}
  const synced = status.operationState?.syncResult?.revision === status.sync?.revision
  if (
    status.sync?.status !== 'OutOfSync' ||
    !synced ||
    automated?.selfHeal === true ||
    outOfSync.length === 0
  )
    return []
  return [
    {
      code: 'self-heal-off',
      text: 'Somebody changed the cluster after the sync, and selfHeal is off: Argo CD reports that, and leaves it.',
      fix: `Set syncPolicy.automated.selfHeal: true in Application ${metadata.name}, sync by hand, or put the change into git.`,
    },
  ]
}

/** Repairs of one revision, one after the other: somebody else wants the object otherwise. */
function selfHealFight({ spec, status = {} }: KubeObject): Trap[] {
  const { operation, syncResult } = status.operationState ?? {}
  const { autoHealAttemptsCount: repairs = 0, resources = [] } = operation?.sync ?? {}
  const current = syncResult?.revision === status.sync?.revision
  if (!spec?.syncPolicy?.automated?.selfHeal || !current || repairs < 2) return []
  const names = resources.map(({ kind, name }: any) => `${kind} ${name}`).join(', ')
  return [
    {
      code: 'self-heal-fight',
      text: `Argo CD has undone changes ${repairs} times since this revision, the last time to ${names}: somebody keeps making them, and each repair waits longer, up to 5 min.`,
      fix: 'Put the change into git, stop what makes it, or list the fields in ignoreDifferences.',
    },
  ]
}

function noProject({ spec, status = {} }: KubeObject): Trap[] {
  const invalid = (status.conditions ?? []).find(({ type }: any) => type === 'InvalidSpecError')
  if (!/does not exist/.test(invalid?.message ?? '')) return []
  return [
    {
      code: 'missing-project',
      text: `AppProject ${spec?.project} does not exist. Argo CD core makes none, not even "default".`,
      fix: 'Make the AppProject before the Application.',
    },
  ]
}

/** Without something that writes an address these are Progressing for ever. */
function withoutAddress(application: KubeObject, { services, ingresses }: Snapshot): Trap[] {
  if (application.status?.health?.status !== 'Progressing') return []
  const waiting = [...ingresses, ...services.filter(({ spec }) => spec?.type === 'LoadBalancer')].filter(
    ({ status }) => !status?.loadBalancer?.ingress?.length,
  )
  if (waiting.length === 0) return []
  const names = waiting.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')
  return [
    {
      code: 'no-load-balancer-address',
      text: `${names} has no address in status.loadBalancer: Argo CD calls that Progressing, for ever.`,
      fix: 'Run an ingress controller that publishes its address, or annotate it argocd.argoproj.io/ignore-healthcheck: "true".',
    },
  ]
}

function suspended(application: KubeObject, { workloads }: Snapshot): Trap[] {
  if (application.status?.health?.status !== 'Suspended') return []
  const paused = workloads.find(
    (one) => one.kind === 'Rollout' && condition(one, 'Paused')?.status === 'True',
  )
  if (!paused) return []
  return [
    {
      code: 'suspended-by-canary',
      text: `Rollout ${paused.metadata.name} pauses in its canary: Argo CD calls that Suspended. Nothing is wrong.`,
      fix: '`npm run rollout -- promote` or `abort` ends the pause.',
    },
  ]
}
