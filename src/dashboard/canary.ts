/** A Rollout's canary as the page shows it: its steps in words, where it stands, and what can be done now. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import { belonging, type NamespaceObjects } from '../rollout/find.ts'
import { rolloutView } from '../rollout/view.ts'
import type { CanaryView, Verb } from './snapshot.ts'

export function canaryView(rollout: KubeObject, all: NamespaceObjects): CanaryView {
  const view = rolloutView(belonging(rollout, all))
  const { setWeight = 100, actualWeight = 100 } = view.canary ?? {}
  const settled = isSettled(rollout)
  return {
    name: view.name,
    phase: view.phase,
    message: view.message,
    weight: settled ? { asked: 100, actual: 100 } : { asked: setWeight, actual: actualWeight },
    steps: stepsOf(rollout, settled),
    verbs: verbsOf(rollout),
    revisions: view.revisions
      .flatMap(({ revision, replicaSets }) => replicaSets.map((one) => ({ revision, one })))
      .filter(({ one }) => one.replicas > 0 || one.tags.length > 0)
      .map(({ revision, one }) => ({
        revision,
        tags: one.tags,
        image: shortImage(one.images[0] ?? ''),
        pods: one.replicas,
        available: one.available,
      })),
    replicas: view.replicas,
  }
}

/** On its stable version, with no update under way. */
function isSettled({ status = {} }: KubeObject): boolean {
  return status.stableRS !== undefined && status.stableRS !== '' && status.stableRS === status.currentPodHash
}

/** The verbs that would change something; the others are shown, but cannot be pressed. */
export function verbsOf(rollout: KubeObject): Verb[] {
  const { status = {} } = rollout
  if (!status.stableRS || isSettled(rollout)) return []
  return status.abort ? ['retry'] : ['promote', 'promote-full', 'abort']
}

function stepsOf({ spec, status = {} }: KubeObject, settled: boolean): CanaryView['steps'] {
  const steps: Record<string, any>[] = spec?.strategy?.canary?.steps ?? []
  const at: number = settled ? steps.length : (status.currentStepIndex ?? 0)
  return steps.map((step, index) => ({
    text: stepText(step),
    state: index < at ? 'done' : index === at && !status.abort ? 'current' : 'ahead',
  }))
}

/** `{ setWeight: 20 }` → `20 %`; `{ pause: { duration: '2m' } }` → `pause 2m`. */
export function stepText(step: Record<string, any>): string {
  if (step.setWeight !== undefined) return `${step.setWeight} %`
  if (!step.pause) return Object.keys(step)[0] ?? 'nothing'
  const { duration } = step.pause
  if (duration === undefined) return 'pause until promoted'
  return `pause ${duration}${typeof duration === 'number' ? 's' : ''}`
}

function shortImage(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1)
}
