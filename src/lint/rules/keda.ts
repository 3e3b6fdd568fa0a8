/** Rules on ScaledObjects with rabbitmq triggers, and on the workers that they scale. */
import { queueTriggers } from '../../explain/trigger.ts'
import { span } from '../../explain/words.ts'
import { found, rule } from '../finding.ts'
import { type Linted, type LintInput, ofKind, podSpecOf, scalersOn, workloadsOf } from '../input.ts'

const DEFAULT_COOLDOWN = 300
const DEFAULT_WINDOW = 300
/** Kubernetes' default terminationGracePeriodSeconds. */
const DEFAULT_GRACE = 30

/** The raw metadata of a ScaledObject's rabbitmq triggers. */
function rabbitTriggers({ object }: Linted): Record<string, string>[] {
  return (object.spec?.triggers ?? []).flatMap(({ type, metadata = {} }: any) =>
    type === 'rabbitmq' ? [metadata] : [],
  )
}

const mode = rule('trigger-mode', 'queueLength, mode and value that do not go together', (input) =>
  ofKind(input, 'ScaledObject').flatMap((scaled) =>
    rabbitTriggers(scaled).flatMap(({ queueLength, mode: how, value }) => {
      if (queueLength !== undefined && (how !== undefined || value !== undefined)) {
        const why = 'A trigger has queueLength together with mode or value: KEDA refuses the ScaledObject.'
        return [found('error', scaled, why, 'Use queueLength alone, or mode: QueueLength with value.')]
      }
      if ((how === undefined) === (value === undefined)) return []
      const lacks = how === undefined ? 'mode' : 'value'
      const why = `A trigger lacks ${lacks}: mode and value go together, or KEDA refuses the ScaledObject.`
      return [found('error', scaled, why, `Add ${lacks}.`)]
    }),
  ),
)

const amqp = rule('amqp-trigger', 'a trigger over amqp, which does not see messages in hand', (input) =>
  ofKind(input, 'ScaledObject').flatMap((scaled) =>
    queueTriggers(scaled.object)
      .filter(({ protocol }) => protocol === 'amqp')
      .map(({ queue, mode: how }) =>
        how === 'QueueLength'
          ? found(
              'warning',
              scaled,
              `Over amqp KEDA counts ready messages of ${queue} only: a worker with the last task in hand looks idle and may be scaled away.`,
              'Set protocol: http and an http:// host (port 15672).',
            )
          : found('error', scaled, `Mode ${how} of ${queue} does not work over amqp.`, 'Set protocol: http.'),
      ),
  ),
)

const cooldown = rule('cooldown-and-window', 'a cooldownPeriod that does not do what it seems to', (input) =>
  ofKind(input, 'ScaledObject').flatMap((scaled) => {
    const { spec } = scaled.object
    const min: number = spec?.minReplicaCount ?? 0
    if (min > 0 && spec.idleReplicaCount === undefined) {
      if (spec.cooldownPeriod === undefined) return []
      const why = `cooldownPeriod counts on the way to 0 only, and minReplicaCount is ${min}: it does nothing.`
      return [found('warning', scaled, why, 'Leave it out; behavior.scaleDown of the HPA rules here.')]
    }
    const period: number = spec?.cooldownPeriod ?? DEFAULT_COOLDOWN
    const behavior = spec?.advanced?.horizontalPodAutoscalerConfig?.behavior
    const window: number = behavior?.scaleDown?.stabilizationWindowSeconds ?? DEFAULT_WINDOW
    if (period >= window) return []
    const why = `cooldownPeriod (${span(period)}) is shorter than the HPA's scale-down window (${span(window)}): an empty queue takes all replicas at once to 0, while a nearly empty one keeps them for ${span(window)}.`
    return [
      found(
        'warning',
        scaled,
        why,
        'Set advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds to the cooldown or less.',
      ),
    ]
  }),
)

const auth = rule('trigger-auth-missing', 'a TriggerAuthentication that is not there', (input) =>
  ofKind(input, 'ScaledObject').flatMap((scaled) =>
    (scaled.object.spec?.triggers ?? []).flatMap(({ authenticationRef }: any) => {
      if (!authenticationRef) return []
      const { kind = 'TriggerAuthentication', name } = authenticationRef
      if (ofKind(input, kind).some(({ object }) => object.metadata.name === name)) return []
      const why = `${kind} ${name} is not among the objects. KEDA only logs that, and asks the broker without a password.`
      return [found('error', scaled, why, 'Make it, or mend authenticationRef.')]
    }),
  ),
)

const grace = rule('grace-period', 'workers that are killed amid a task', (input) =>
  workloadsOf(input).flatMap((workload) => {
    const worker = scalersOn(input, workload).some((scaler) => rabbitTriggers(scaler).length > 0)
    const given: number | undefined = podSpecOf(workload)?.terminationGracePeriodSeconds
    if (!worker || (given !== undefined && given >= input.taskSeconds)) return []
    if (given === undefined && input.taskSeconds < DEFAULT_GRACE) return []
    return [
      found(
        'warning',
        workload,
        graceText(given, input),
        `Set terminationGracePeriodSeconds above the longest task (${span(input.taskSeconds)}).`,
      ),
    ]
  }),
)

function graceText(given: number | undefined, { taskSeconds }: LintInput): string {
  const has = given === undefined ? `the default of ${span(DEFAULT_GRACE)}` : span(given)
  return `Each scale-in ends workers, and this one has ${has} to finish a task that may take ${span(taskSeconds)}: it is killed, and the task is done twice.`
}

export const KEDA = [mode, amqp, cooldown, auth, grace]
