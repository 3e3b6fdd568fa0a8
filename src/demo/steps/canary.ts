/** A good release: a commit, a canary that is promoted at each pause, and no request that fails. */
import { DevenvError } from '../../lib/errors.ts'
import { applyPatches } from '../../rollout/act.ts'
import { ROLLOUTS } from '../../rollout/find.ts'
import { promotePatches } from '../../rollout/verbs.ts'
import type { RolloutView } from '../../rollout/view.ts'
import { assertPromotion } from '../assert/release.ts'
import { canaryNow, stableTag } from '../look.ts'
import { putBack, settled } from '../put-back.ts'
import type { RunningLoad } from '../running-load.ts'
import type { DemoContext, DemoStep } from '../step.ts'
import { badRequests, openTraffic, versionsServed } from '../traffic.ts'

/** How long the canary's figures are looked at before it is promoted. */
const LOOK_MS = 2_000

export const canary: DemoStep = {
  id: 'canary',
  title: 'A canary, promoted under traffic',
  sentence:
    'A commit bumps the tag of core-api; a part of the traffic goes to the new version before all of it.',
  needs: [],
  budgetMs: ({ peakMs, tolerance }) => peakMs + 240_000 * tolerance,
  async run(context) {
    const { stack, releases, say, now } = context
    const previous = await settled(context)
    const tag = releases.good.find((one) => one !== previous)!
    const traffic = await openTraffic(context)
    const began = now()
    context.undo(`${previous} is released again`, (later) => putBack(later, previous))
    const { commit, repository } = await context.release(tag)
    say(`commit ${commit.slice(0, 7)} in ${repository}: core-api ${previous} → ${tag}`)
    const { view, pausedAt, answeredBy } = await promoteToTheEnd(context, tag, traffic)
    const tookMs = now() - began
    const { report, failure } = await traffic.finish()
    if (failure) throw failure
    const end = { phase: view.phase, stableTag: stableTag(view) ?? 'none' }
    return assertPromotion(
      { tag, previous, answeredBy, pausedAt, ...end, tookMs },
      report.queues[stack.queue.name]!,
    )
  },
}

/** Looks at each pause, as people do, and promotes. STEP_FAILED when there is an error to be seen. */
async function promoteToTheEnd(context: DemoContext, tag: string, traffic: RunningLoad) {
  const { live, stack, until, pause, say } = context
  const pausedAt: number[] = []
  let answeredBy: string[] | undefined
  let step = -1
  for (;;) {
    const view = await until<RolloutView>(() => {
      const seen = canaryNow(live, stack)
      if (!seen) return { waiting: `Rollout ${stack.rollout}` }
      const paused = seen.phase === 'Paused' && (seen.canary?.step ?? -1) > step
      const through = (seen.phase === 'Healthy' && stableTag(seen) === tag) || seen.phase === 'Degraded'
      return paused || through
        ? { done: seen }
        : { waiting: `the canary: ${seen.phase} ${seen.message}`.trim() }
    })
    if (view.phase !== 'Paused') return { view, pausedAt, answeredBy }
    step = view.canary?.step ?? step
    const weight = view.canary?.setWeight ?? 0
    await pause(LOOK_MS)
    const bad = badRequests(traffic)
    if (bad > 0) throw new DevenvError('STEP_FAILED', `${bad} requests failed at ${weight} %: not promoted`)
    answeredBy ??= await servedNow(context)
    pausedAt.push(weight)
    say(`at ${weight} % without an error: promoted`)
    await promoteIfPaused(context)
  }
}

/** A forwarded port leads to one pod only: then there is nothing to ask. */
async function servedNow({ record, signal }: DemoContext): Promise<string[] | undefined> {
  const { coreApi } = record.endpoints
  return coreApi === undefined ? undefined : versionsServed(coreApi.replace(/\/$/, ''), signal)
}

/** A pause may end by itself meanwhile: promoting then would skip a step. */
async function promoteIfPaused({ kube, stack }: DemoContext): Promise<void> {
  const rollout = await kube.get(ROLLOUTS, stack.rollout, { namespace: stack.namespace })
  if (rollout.status?.pauseConditions?.length) await applyPatches(kube, rollout, promotePatches(rollout))
}
