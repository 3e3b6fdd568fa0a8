/** Somebody changes a Deployment by hand: Argo CD takes it back, and leaves alone what is KEDA's. */
import { APPLICATIONS } from '../../release/release.ts'
import { assertDrift } from '../assert/drift.ts'
import { replicasOf } from '../look.ts'
import { answered, rested } from '../messages.ts'
import { settled } from '../put-back.ts'
import { DEPLOYMENTS } from '../stack.ts'
import type { DemoStep } from '../step.ts'

const MESSAGES = 100
const TASK_MS = 500
/** In git on every object of the chart, and no pod is replaced when it changes. */
const LABEL = 'helm.sh/chart'
const FALLBACK_LABEL = 'app.kubernetes.io/part-of'

export const drift: DemoStep = {
  id: 'drift',
  title: 'Drift healed',
  sentence:
    "A label is changed by hand while KEDA has scaled: Argo CD puts git's value back, and not its replicas.",
  needs: [],
  budgetMs: ({ peakMs, zeroMs, tolerance }) => peakMs + zeroMs + 90_000 * tolerance,
  async run(context) {
    const { kube, live, stack, bounds, load, signal, say, until, now } = context
    const { namespace, worker, application } = stack
    await settled(context)
    // What KEDA takes away by itself meanwhile would look like Argo CD's doing.
    await rested(context)
    const running = load({ messages: MESSAGES, taskMs: TASK_MS, wait: true, via: 'amqp' })
    await running.until(
      'KEDA scaled out',
      ({ queues: [queue] }) => queue!.account.replicas.now.ready >= Math.min(2, bounds.max),
      signal,
    )
    const before = await kube.get(DEPLOYMENTS, worker, { namespace })
    const [label, value] = trackedLabel(before.metadata.labels ?? {})
    const relabel = (to: string) =>
      kube.patch(DEPLOYMENTS, worker, { metadata: { labels: { [label]: to } } }, { namespace })
    context.undo(`label ${label} of ${worker} is ${value} again`, () => relabel(value))
    let least = replicasOf(before).desired
    const changedAt = now()
    await relabel('changed-by-hand')
    say(`${worker}: label ${label} is changed by hand, at ${least} replicas`)
    const healedMs = await until<number>(() => {
      const object = live.get(DEPLOYMENTS, namespace, worker)
      if (!object) return { waiting: worker }
      least = Math.min(least, replicasOf(object).desired)
      const isNew = Number(object.metadata.resourceVersion) > Number(before.metadata.resourceVersion)
      return isNew && object.metadata.labels?.[label] === value && now() > changedAt
        ? { done: now() - changedAt }
        : { waiting: 'Argo CD to heal it' }
    })
    await settled(context)
    const app = live.get(APPLICATIONS, application.namespace, application.name)
    const sync = String(app?.status?.sync?.status)
    const replicasBefore = replicasOf(before).desired
    await answered(running, signal)
    const what = `label ${label} of ${worker}`
    return assertDrift({ what, healedMs, replicasBefore, replicasLeast: least, sync }, bounds)
  },
}

/** One that git sets; Argo CD does not look at others. */
function trackedLabel(labels: Record<string, string>): [string, string] {
  const name = [LABEL, FALLBACK_LABEL].find((one) => labels[one]) ?? Object.keys(labels)[0]!
  return [name, labels[name]!]
}
