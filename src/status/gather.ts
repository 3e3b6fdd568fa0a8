/** Gathers the status of an environment from the Kubernetes API and RabbitMQ. */
import { DevenvError, messageOf } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { isLocked } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import { type BrokerAccess, brokerAlarm, brokerVersion, listQueues, reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import { applicationStatus } from './application.ts'
import { condition, holds } from './conditions.ts'
import { frontDoors } from './front-doors.ts'
import { componentStatus, withBroker } from './liveness.ts'
import { phaseOf, unfinished } from './phase.ts'
import { canaryOf } from './rollouts.ts'
import { stateDiskProblem } from './state-disk.ts'
import type { QueueStatus, SecretStatus, Status } from './status.ts'
import { workloadStatuses } from './workloads.ts'

/** A busy machine's API server may take seconds. */
const ANSWER_MS = 10_000

/** Gathers again and again over the same connections. */
export interface StatusSource extends AsyncDisposable {
  gather(signal?: AbortSignal): Promise<Status>
}

/** A source for this environment's status; a cluster that does not answer yet, or any more, is part of the status. */
export function statusSource(record: RunRecord, { answerMs = ANSWER_MS } = {}): StatusSource {
  let client: KubeClient | undefined
  let access: BrokerAccess | undefined
  return {
    async gather(signal) {
      if (record.phase === 'Stopped') return bare(record, 'Stopped', 'npm run up starts it again')
      try {
        client ??= await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
        await untilAnswer(client, answerMs, signal)
      } catch (thrown) {
        return { ...bare(record, 'Degraded', ''), ...(await unansweredPhase(record, thrown)) }
      }
      const answering = client
      return gatherFrom(record, answering, async () => {
        access ??= await reachBroker(record, answering)
        const [queues, version, alarm] = await Promise.all([
          listQueues(access, signal),
          brokerVersion(access, signal),
          // A user without the monitoring tag may not ask for it.
          brokerAlarm(access, signal).catch(() => undefined),
        ])
        return { queues, version, ...(alarm ? { alarm } : {}) }
      })
    },
    async [Symbol.asyncDispose]() {
      client?.close()
      await access?.[Symbol.asyncDispose]()
    },
  }
}

/** Throws UNREACHABLE for a server that takes connections and says nothing, as one whose machine sleeps. */
async function untilAnswer(
  client: KubeClient,
  answerMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const silence = AbortSignal.timeout(answerMs)
  try {
    await client.raw('GET', '/readyz', undefined, signal ? AbortSignal.any([signal, silence]) : silence)
  } catch (thrown) {
    if (!silence.aborted) throw thrown
    const { server } = client.transport.config
    throw new DevenvError(
      'UNREACHABLE',
      `the API server does not answer: ${server}: nothing within ${answerMs / 1000} s`,
      { cause: thrown },
    )
  }
}

/** An API that never answered is no news while an `up` is at work, or after one that did not get that far. */
async function unansweredPhase(
  record: RunRecord,
  thrown: unknown,
): Promise<{ phase: Status['phase']; message: string }> {
  const problem = (await stateDiskProblem(record.name)) ?? unanswered(thrown)
  if (record.phase !== 'Starting') return { phase: 'Degraded', message: problem }
  if (await isUnderWay(record)) return { phase: 'Starting', message: 'its cluster is being made' }
  return unfinished({ ...record, failureMayPass: false }, problem, false)
}

function isUnderWay({ name, phase }: RunRecord): Promise<boolean> | false {
  return phase === 'Starting' && isLocked(stateDir(name))
}

function unanswered(thrown: unknown): string {
  if (thrown instanceof DevenvError && thrown.code === 'UNREACHABLE')
    return `${thrown.message}; npm run up starts it again`
  return `the API server does not answer: ${messageOf(thrown)}`
}

interface Broker {
  queues: QueueStatus[]
  /** As it reports itself; undefined while it cannot be asked. */
  version?: string
  /** Why it takes no messages, though it answers. */
  alarm?: string
}

async function gatherFrom(
  record: RunRecord,
  client: KubeClient,
  askBroker: () => Promise<Broker>,
): Promise<Status> {
  const { namespace } = record
  const list = (resource: string) => client.listIfServed(resource, { namespace })
  const [
    rollouts,
    deployments,
    statefulSets,
    pods,
    scaledObjects,
    hpas,
    externalSecrets,
    application,
    checked,
    doors,
    disk,
    broker,
    underWay,
  ] = await Promise.all([
    list('argoproj.io/v1alpha1/rollouts'),
    list('apps/v1/deployments'),
    list('apps/v1/statefulsets'),
    list('v1/pods'),
    list('keda.sh/v1alpha1/scaledobjects'),
    list('autoscaling/v2/horizontalpodautoscalers'),
    list('external-secrets.io/v1/externalsecrets'),
    client.listIfServed('argoproj.io/v1alpha1/applications', {
      namespace: record.argocd ?? 'argocd',
      fieldSelector: `metadata.name=${record.release}`,
    }),
    Promise.all(record.components.map((component) => componentStatus(component, record.endpoints, client))),
    frontDoors(record.endpoints),
    stateDiskProblem(record.name),
    // The broker may be on its way; its component's line says so.
    askBroker().catch((): Broker => ({ queues: [] })),
    isUnderWay(record),
  ])
  const workloads = workloadStatuses(
    { workloads: [...rollouts, ...deployments, ...statefulSets], pods, scaledObjects, hpas },
    client.clock.now(),
  )
  const components = checked.map((component) =>
    component.name === 'RabbitMQ' ? withBroker(component, broker) : component,
  )
  const secrets = externalSecrets.map(secretStatus)
  const synced = application.map(applicationStatus)
  return {
    ...bare(record, 'Ready', ''),
    ...phaseOf(
      { ...record, underWay },
      { components, workloads, secrets, applications: synced, frontDoors: doors, disk },
    ),
    components,
    workloads,
    queues: broker.queues,
    ...(synced[0] ? { application: synced[0] } : {}),
    canaries: rollouts.map(canaryOf),
    ...(client.clock.aheadMs === 0 ? {} : { clock: { aheadMs: client.clock.aheadMs } }),
    secrets,
    frontDoors: doors,
  }
}

function secretStatus(externalSecret: KubeObject): SecretStatus {
  const ready = condition(externalSecret, 'Ready')
  const refreshedAt: string | undefined = externalSecret.status?.refreshTime
  const { name } = externalSecret.metadata
  // The condition only says that it failed; the event, which `why` reads, says at what.
  const failed =
    ready?.status === 'False' ? `${ready.message} (npm run why -- externalsecret/${name})` : undefined
  return {
    namespace: externalSecret.metadata.namespace ?? '',
    name,
    ready: holds(externalSecret, 'Ready'),
    message: failed ?? ready?.message ?? 'not synced yet',
    ...(refreshedAt ? { refreshedAt } : {}),
  }
}

function bare(record: RunRecord, phase: Status['phase'], message: string): Status {
  const { kind, reason, kubernetes, kubeconfig } = record.cluster
  return {
    apiVersion: 'devenv/v1',
    kind: 'Status',
    name: record.name,
    cluster: { kind, reason, kubernetes, kubeconfig },
    phase,
    message,
    profile: record.profile,
    ...(record.expiresAt ? { expiresAt: record.expiresAt } : {}),
    components: [],
    workloads: [],
    queues: [],
    canaries: [],
    secrets: [],
    frontDoors: [],
    ...(record.repository ? { repository: record.repository.folder } : {}),
    endpoints: record.endpoints,
  }
}
