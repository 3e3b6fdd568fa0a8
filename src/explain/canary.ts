/** Where a Rollout stands: versions, step, pause, weight and the pods that realise it, abort. */
import { parseGoDuration } from '../lib/go-duration.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { hashOf } from '../rollout/names.ts'
import { phaseOf } from '../rollout/phase.ts'
import { currentWeight } from '../rollout/weight.ts'
import { condition } from '../status/conditions.ts'
import { canaryTargets, surges } from './canary-arithmetic.ts'
import { isOwnedBy, type Snapshot } from './snapshot.ts'
import { stepsOrigin } from './steps-origin.ts'
import { type ChainStep, link, type Next } from './why.ts'
import { count, secondsUntil, span } from './words.ts'

/** Argo Rollouts' default progressDeadlineSeconds. */
const DEADLINE = 600

/** `next` is set while a canary is under way, or was aborted: it outranks the autoscaler's. */
export function explainCanary(rollout: KubeObject, snapshot: Snapshot): { chain: ChainStep[]; next?: Next } {
  const { spec, status = {} } = rollout
  const { phase, message } = phaseOf(rollout)
  const chain = [link('rollout', phase, `The Rollout is ${phase}${message ? `: ${message}` : ''}.`)]
  if (condition(rollout, 'InvalidSpec')?.status === 'True') {
    chain.push(...stepsOrigin(rollout, snapshot))
    const text =
      'Nothing until the spec is corrected as the message says: what runs keeps running, and no update begins.'
    return { chain, next: { text } }
  }
  if (!spec.strategy?.canary) return { chain }
  chain.push(...stepsOrigin(rollout, snapshot))
  if (status.stableRS !== undefined && status.stableRS === status.currentPodHash) {
    chain.push(link('canary', null, 'No canary is under way: all pods run the stable version.'))
    return spec.paused ? { chain, next: held(rollout) } : { chain }
  }
  const sets = snapshot.replicaSets.filter((set) => isOwnedBy(set, rollout))
  const canary = sets.find((set) => hashOf(set) === status.currentPodHash)
  const stable = sets.find((set) => hashOf(set) === status.stableRS)
  chain.push(link('canary', hashOf(canary ?? rollout) ?? null, versions(canary, stable)))
  if (status.abort) {
    chain.push(aborted(rollout, snapshot))
    const text =
      'Nothing by itself: `npm run rollout -- retry` starts the update again, a new version replaces it.'
    return { chain, next: { text } }
  }
  const index: number = status.currentStepIndex ?? 0
  const steps: any[] = spec.strategy.canary.steps ?? []
  chain.push(
    link(
      'step',
      index,
      `Step ${Math.min(index + 1, steps.length)} of ${steps.length}: ${stepText(steps[index])}.`,
    ),
  )
  chain.push(weights(rollout, canary, stable))
  return { chain, next: nextStep(rollout, steps[index], snapshot.now) }
}

function versions(canary: KubeObject | undefined, stable: KubeObject | undefined): string {
  if (!stable) return 'There is no stable version yet: a first deploy skips the steps.'
  const [old, update] = [imageOf(stable), canary && imageOf(canary)]
  if (update === undefined) return `Stable is ${short(old)}; the canary is not made yet.`
  if (old === update)
    return `Stable and canary both run ${short(old)}: something else in the template changed.`
  return `Stable is ${short(old)}; the canary is ${short(update)}.`
}

function imageOf(set: KubeObject): string {
  return set.spec.template?.spec?.containers?.[0]?.image ?? hashOf(set) ?? '(no image)'
}

/** Without the registry, which says nothing about a version. */
function short(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1)
}

function aborted(rollout: KubeObject, { analysisRuns }: Snapshot): ChainStep {
  const reason = condition(rollout, 'Progressing')?.message ?? 'no reason recorded'
  const failed = analysisRuns.find(
    (run) => isOwnedBy(run, rollout) && ['Failed', 'Error'].includes(run.status?.phase),
  )
  const analysis = failed
    ? ` AnalysisRun ${failed.metadata.name}: ${failed.status.message ?? failed.status.phase}.`
    : ''
  return link('aborted', true, `Aborted, all traffic is on the stable version: ${reason}.${analysis}`)
}

function stepText(step: any): string {
  if (step === undefined)
    return 'all steps are done, the new version becomes stable when all its pods are available'
  if (step.setWeight !== undefined) return `bring the canary to ${step.setWeight} %`
  if (step.pause)
    return step.pause.duration === undefined
      ? 'pause until somebody promotes'
      : `pause of ${step.pause.duration}`
  return Object.keys(step)[0] ?? 'unknown'
}

function weights(
  rollout: KubeObject,
  canary: KubeObject | undefined,
  stable: KubeObject | undefined,
): ChainStep {
  const { setWeight, actualWeight } = currentWeight(rollout, canary)
  const { trafficRouting, maxSurge } = rollout.spec.strategy.canary
  if (trafficRouting) {
    const text = `The steps ask for ${setWeight} %; the traffic router sends ${actualWeight} % to the canary.`
    return link('weight', actualWeight, text)
  }
  const replicas: number = rollout.spec.replicas ?? 1
  const targets = canaryTargets(replicas, setWeight, surges(maxSurge))
  const total = targets.canary + targets.stable
  const share = total === 0 ? 0 : Math.round((100 * targets.canary) / total)
  const have = `${canary?.status?.availableReplicas ?? 0} + ${stable?.status?.availableReplicas ?? 0} are available (${actualWeight} %)`
  const text =
    `The steps ask for ${setWeight} % of ${count(replicas, 'replica')}: without a traffic router the nearest is ` +
    `${targets.canary} canary + ${targets.stable} stable = ${share} %; ${have}.`
  return link('weight', actualWeight, text, { setWeight, actualWeight, ...targets })
}

/** `promote` takes it back, as in the plugin. */
function held({ metadata }: KubeObject): Next {
  return {
    text: `No new version goes on until spec.paused is taken back: \`npm run rollout -- promote ${metadata.name}\` does that.`,
  }
}

function nextStep(rollout: KubeObject, step: any, now: number): Next {
  const { spec, status } = rollout
  if (spec.paused) return held(rollout)
  const pause = status.pauseConditions?.[0]
  if (pause && step?.pause) {
    if (step.pause.duration === undefined) {
      return {
        text: 'Nothing by itself: `npm run rollout -- promote` goes on, `npm run rollout -- abort` goes back.',
      }
    }
    const left = secondsUntil(Date.parse(pause.startTime) + durationMs(step.pause.duration), now)
    return { atSeconds: left, text: `In ${span(left)} the pause ends and the next step begins.` }
  }
  if (pause) return { text: `Paused (${pause.reason}): \`npm run rollout -- promote\` or \`abort\` decides.` }
  const progress = rollout.status?.conditions?.find((one: any) => one.type === 'Progressing')
  const started = Date.parse(progress?.lastUpdateTime ?? '') || now
  const left = secondsUntil(started + (spec.progressDeadlineSeconds ?? DEADLINE) * 1000, now)
  const text = `It goes on when the pods for this step are available; without progress it counts as failed in ${span(left)}.`
  return { atSeconds: left, text }
}

/** A pause is whole seconds, digits as a string, or a Go duration. */
function durationMs(duration: number | string): number {
  return /^\d+$/.test(String(duration)) ? Number(duration) * 1000 : (parseGoDuration(String(duration)) ?? 0)
}
