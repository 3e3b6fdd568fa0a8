/** A release whose program fails its probes: it gets no traffic, is aborted, and the tag is put back. */
import { applyPatches } from '../../rollout/act.ts'
import { ROLLOUTS } from '../../rollout/find.ts'
import { abortPatches } from '../../rollout/verbs.ts'
import { assertBadRelease } from '../assert/release.ts'
import { canaryNow, stableTag, versionsOf } from '../look.ts'
import { putBack, settled } from '../put-back.ts'
import type { DemoContext, DemoStep } from '../step.ts'
import { openTraffic } from '../traffic.ts'

/** How long the bad version has to show that it does not get well. */
const WATCH_MS = 6_000

export const badRelease: DemoStep = {
  id: 'bad-release',
  title: 'A bad release, aborted',
  sentence:
    'The next version fails its probes: no request reaches it, the stable one goes on, and it is aborted.',
  needs: [],
  budgetMs: ({ peakMs, tolerance }) => peakMs + 180_000 * tolerance,
  async run(context) {
    const { kube, live, stack, releases, say, now, pause } = context
    const previous = await settled(context)
    const tag = releases.bad
    const traffic = await openTraffic(context)
    context.undo(`${previous} is released again`, (later) => putBack(later, previous))
    const worst = followWorst(context, tag)
    const { commit } = await context.release(tag)
    say(`commit ${commit.slice(0, 7)}: core-api ${previous} → ${tag}`)
    await canaryPod(context, tag)
    say(`a pod of ${tag} is there and does not get ready`)
    await pause(WATCH_MS)
    const abortedAt = now()
    const rollout = await kube.get(ROLLOUTS, stack.rollout, { namespace: stack.namespace })
    await applyPatches(kube, rollout, abortPatches())
    say('aborted')
    const aborted = await gone(context, tag)
    const goneMs = now() - abortedAt
    await putBack(context, previous)
    const { report, failure } = await traffic.finish()
    if (failure) throw failure
    const end = canaryNow(live, stack)!
    const seen = worst.end()
    return assertBadRelease(
      {
        tag,
        previous,
        ...seen,
        abortedAs: aborted,
        goneMs,
        phase: end.phase,
        stableTag: stableTag(end) ?? 'none',
      },
      report.queues[stack.queue.name]!,
    )
  },
}

/** The fewest available pods of the stable version from here on, and any ready one of the bad. */
function followWorst({ live, stack, signal }: DemoContext, tag: string) {
  const over = new AbortController()
  const worst = { stableLeast: Number.POSITIVE_INFINITY, stableWanted: 0, badReady: 0 }
  const following = live.until<never>(
    () => {
      const view = canaryNow(live, stack)
      for (const { tag: one, stable, available, ready } of view ? versionsOf(view) : []) {
        if (stable) worst.stableLeast = Math.min(worst.stableLeast, available)
        if (one === tag) worst.badReady = Math.max(worst.badReady, ready)
      }
      worst.stableWanted = view?.replicas.desired ?? worst.stableWanted
      return { waiting: 'the end of the step' }
    },
    { signal: AbortSignal.any([signal, over.signal]) },
  )
  following.catch(() => undefined)
  return {
    end() {
      over.abort()
      return worst
    },
  }
}

function canaryPod({ live, stack, until }: DemoContext, tag: string): Promise<void> {
  return until(() => {
    const view = canaryNow(live, stack)
    const there = view && versionsOf(view).some((one) => one.tag === tag && one.replicas > 0)
    return there ? { done: undefined } : { waiting: `a pod of ${tag}` }
  })
}

/** How the Rollout calls it, once no pod of the version is left. */
function gone({ live, stack, until }: DemoContext, tag: string): Promise<string> {
  return until<string>(() => {
    const view = canaryNow(live, stack)
    const left = view && versionsOf(view).find((one) => one.tag === tag)?.replicas
    if (view?.phase === 'Degraded' && !left) return { done: `${view.phase}: ${view.message}` }
    return { waiting: `the abort: ${view?.phase}, ${left} pods of ${tag}` }
  })
}
