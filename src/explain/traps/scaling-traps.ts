/** Known traps of KEDA and the HPA: what they count, what they cannot read, which of their clocks rules. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { condition } from '../../status/conditions.ts'
import { pollingSeconds } from '../cooldown.ts'
import { kedaError } from '../scaling.ts'
import { type Snapshot, scales } from '../snapshot.ts'
import { depthOf, queueTriggers, triggerValue } from '../trigger.ts'
import type { Trap } from '../why.ts'
import { count, span } from '../words.ts'

const DEFAULT_WINDOW = 300
/** Seconds from which people wonder why nothing happens. */
const SLOW_POLLING = 15

/** All that apply to one workload. */
export function scalingTraps(workload: KubeObject, snapshot: Snapshot): Trap[] {
  const scaledObjects = snapshot.scaledObjects.filter((one) => scales(one, workload))
  const hpas = snapshot.hpas.filter((one) => scales(one, workload))
  return [
    ...twoAutoscalers(scaledObjects, hpas),
    ...scaledObjects.flatMap((one) => [
      ...triggerTraps(one, snapshot),
      ...brokerRefuses(one, snapshot),
      ...brokerAway(one, snapshot),
      ...slowPolling(one, workload, snapshot),
    ]),
    ...scaledObjects.flatMap(cooldownIgnored),
    ...hpas.flatMap((hpa) => [...heldByWindow(hpa, scaledObjects[0]), ...noFigures(hpa)]),
  ]
}

function twoAutoscalers(scaledObjects: KubeObject[], hpas: KubeObject[]): Trap[] {
  const uids = new Set(scaledObjects.map(({ metadata }) => metadata.uid))
  const foreign = hpas.filter(({ metadata }) => !metadata.ownerReferences?.some(({ uid }) => uids.has(uid)))
  const scalers = [...scaledObjects, ...foreign]
  if (scalers.length < 2) return []
  const names = scalers.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  return [
    {
      code: 'two-autoscalers',
      text: `${names.join(' and ')} scale the same workload: each undoes what the other asks for.`,
      fix: 'Keep one. Further metrics belong into the triggers of the one ScaledObject (cpu and memory are triggers too).',
    },
  ]
}

function triggerTraps(scaledObject: KubeObject, { queues }: Snapshot): Trap[] {
  const { name } = scaledObject.metadata
  return queueTriggers(scaledObject).flatMap((trigger) => {
    const traps: Trap[] = []
    if (trigger.protocol === 'amqp') {
      traps.push({
        code: 'amqp-counts-ready-only',
        text: `Over amqp KEDA counts ready messages only: a worker with the last task in hand looks idle, and may be scaled away amid it.`,
        fix: `In ScaledObject ${name} set protocol: http and an http:// host (port 15672): it counts unacked messages too.`,
      })
    }
    if (typeof queues !== 'string' && !depthOf(trigger, queues)) {
      traps.push({
        code: 'missing-queue',
        text: `Queue ${trigger.queue} is not there: for KEDA that is an error, not 0, and nothing is scaled.`,
        fix: `${meant(trigger.queue, queues)}Declare it (durable) before the worker runs; at 0 replicas no worker will. core-api declares it when it publishes.`,
      })
    }
    return traps
  })
}

/** A name that begins as another one does is a slip more often than a queue to come. */
function meant(queue: string, queues: readonly { name: string }[]): string {
  const near = queues.find(({ name }) => name.startsWith(queue) || queue.startsWith(name))
  return near ? `Was ${near.name} meant? Then mend queueName. ` : ''
}

const REFUSED = /\b(401|403)\b|ACCESS_REFUSED|Unauthorized/

/** KEDA is refused, or we are, who read the same Secret: KEDA then has an older password that still works. */
function brokerRefuses(scaledObject: KubeObject, snapshot: Snapshot): Trap[] {
  const { queues } = snapshot
  const keda = REFUSED.test(kedaError(scaledObject, snapshot) ?? '')
  const us = typeof queues === 'string' && REFUSED.test(queues)
  if (!keda && !us) return []
  const ref = scaledObject.spec?.triggers?.find(
    (trigger: any) => trigger.authenticationRef,
  )?.authenticationRef
  const other = keda ? otherSecret(ref?.name, snapshot) : undefined
  if (other) return [other]
  const text = keda
    ? 'The broker refuses KEDA’s password. KEDA reads the Secret again at each such error, so the Secret itself does not fit the broker.'
    : 'The broker refuses the password in its Secret: it was rotated there, but not in the broker. KEDA goes on with the old one until it is refused, too.'
  return [
    {
      code: 'stale-credential',
      text,
      fix: `RabbitMQ takes its password from the environment at its first start only: change it in the broker (rabbitmqctl change_password), or put the old one back into Vault. KEDA reads it through TriggerAuthentication ${ref?.name ?? '(none)'}.`,
    },
  ]
}

/** Nobody answers at its address: what its own workload says of that. */
function brokerAway(scaledObject: KubeObject, { queues, workloads }: Snapshot): Trap[] {
  if (typeof queues !== 'string' || REFUSED.test(queues) || queueTriggers(scaledObject).length === 0)
    return []
  const broker = workloads.find(({ spec }) => spec?.template?.spec?.containers?.some(isBroker))
  if (!broker) return []
  const { kind, metadata, spec, status } = broker
  const [wanted, ready] = [spec.replicas ?? 1, status?.readyReplicas ?? 0]
  if (ready > 0) return []
  const state = wanted === 0 ? 'is scaled to 0' : 'has no pod that is ready'
  return [
    {
      code: 'broker-away',
      text: `RabbitMQ does not answer, as ${kind} ${metadata.name} ${state}: KEDA leaves the replicas as they are meanwhile.`,
      fix:
        wanted === 0
          ? `\`kubectl scale ${kind.toLowerCase()} ${metadata.name} -n ${metadata.namespace} --replicas 1\` brings it back.`
          : `\`npm run why -- ${metadata.name}\` says why.`,
    },
  ]
}

/** The authentication names another Secret than the one that the broker itself is started with. */
function otherSecret(
  authentication: string | undefined,
  { triggerAuthentications, pods }: Snapshot,
): Trap | undefined {
  const targets: { name: string; key: string }[] =
    triggerAuthentications.find(({ metadata }) => metadata.name === authentication)?.spec?.secretTargetRef ??
    []
  const brokers = pods.filter((pod) => pod.spec?.containers?.some(isBroker))
  const own = new Set(
    brokers.flatMap((pod) => pod.spec.containers.flatMap((container: any) => secretsOf(container))),
  )
  const wrong = targets.find(({ name }) => !own.has(name))
  const [right] = own
  if (wrong === undefined || right === undefined) return undefined
  return {
    code: 'stale-credential',
    text: `The broker refuses KEDA’s password: TriggerAuthentication ${authentication} takes it from Secret ${wrong.name}, the broker is started with ${[...own].join(', ')}.`,
    fix: `Name ${right} in secretTargetRef of TriggerAuthentication ${authentication}, or make the broker know the user of ${wrong.name}.`,
  }
}

function isBroker({ image = '' }: { image?: string }): boolean {
  return /(^|\/)rabbitmq[:@]/.test(image)
}

function secretsOf({ envFrom = [], env = [] }: any): string[] {
  return [
    ...envFrom.flatMap(({ secretRef }: any) => secretRef?.name ?? []),
    ...env.flatMap(({ valueFrom }: any) => valueFrom?.secretKeyRef?.name ?? []),
  ]
}

/** From 0 to 1 is KEDA's own step, at its own pace. */
function slowPolling(scaledObject: KubeObject, workload: KubeObject, { queues }: Snapshot): Trap[] {
  const seconds = pollingSeconds(scaledObject)
  const waiting = queueTriggers(scaledObject).some(
    (trigger) => (triggerValue(trigger, depthOf(trigger, queues)) ?? 0) > trigger.activation,
  )
  if (workload.spec?.replicas !== 0 || !waiting || seconds < SLOW_POLLING) return []
  return [
    {
      code: 'polling-interval',
      text: `The first message waits for KEDA's next look, up to ${span(seconds)}: no message wakes KEDA.`,
      fix: `Shorten pollingInterval in ScaledObject ${scaledObject.metadata.name}, or keep one replica (minReplicaCount: 1).`,
    },
  ]
}

/** With a minimum above zero KEDA never scales in itself. */
function cooldownIgnored({ metadata, spec }: KubeObject): Trap[] {
  const rest: number = spec?.minReplicaCount ?? 0
  if (rest === 0 || spec?.idleReplicaCount !== undefined || spec?.cooldownPeriod === undefined) return []
  return [
    {
      code: 'cooldown-only-to-zero',
      text: `cooldownPeriod (${span(spec.cooldownPeriod)}) does nothing here: it counts on the way to 0 only, and minReplicaCount is ${rest}.`,
      fix: `What rules is advanced.horizontalPodAutoscalerConfig.behavior.scaleDown in ScaledObject ${metadata.name}.`,
    },
  ]
}

function heldByWindow(hpa: KubeObject, scaledObject: KubeObject | undefined): Trap[] {
  if (condition(hpa, 'AbleToScale')?.reason !== 'ScaleDownStabilized') return []
  const seconds: number = hpa.spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? DEFAULT_WINDOW
  if (seconds < 60) return []
  const where = scaledObject
    ? `advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds in ScaledObject ${scaledObject.metadata.name}`
    : `behavior.scaleDown.stabilizationWindowSeconds in HPA ${hpa.metadata.name}`
  const cooldown = scaledObject
    ? ' KEDA’s cooldownPeriod does not shorten it: that is for the last step, to 0.'
    : ''
  return [
    {
      code: 'scale-down-window',
      text: `It would go down already, but the HPA waits out its window of ${span(seconds)}.${cooldown}`,
      fix: `Set ${where}.`,
    },
  ]
}

function noFigures(hpa: KubeObject): Trap[] {
  const scaling = condition(hpa, 'ScalingActive')
  if (scaling?.status !== 'False') return []
  const message = scaling.message ?? ''
  const request = /missing request for (\w+)/.exec(message)
  if (request) {
    return [
      {
        code: 'missing-request',
        text: `A share of the ${request[1]} request is the target, but a container requests no ${request[1]}: the HPA can reckon nothing.`,
        fix: `Give every container of the pod resources.requests.${request[1]}, or use an averageValue as target.`,
      },
    ]
  }
  if (/no metrics returned from resource metrics API|could not find the requested resource/.test(message)) {
    return [
      {
        code: 'no-resource-metrics',
        text: 'There are no figures of the pods’ cpu and memory: normal for the first half minute of a pod, and for ever without metrics-server.',
        fix: '`kubectl top pods` shows the same; install metrics-server if it stays empty.',
      },
    ]
  }
  if (scaling.reason === 'AmbiguousSelector') {
    const hpas = message.match(/\[(.+)\]/)?.[1]?.split(' ') ?? []
    return [
      {
        code: 'two-autoscalers',
        text: `${count(hpas.length, 'HPA')} find the same pods by their selectors (${hpas.join(', ')}): none of them scales.`,
        fix: 'Give each workload labels of its own, and keep one autoscaler for each.',
      },
    ]
  }
  return []
}
