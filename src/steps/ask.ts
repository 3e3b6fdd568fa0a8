/** What Argo CD and the kubelet do not do by themselves, or not soon: asked for while the bring-up waits. */
import { isProjectUnseen, needsSync, REFRESH, syncOperation } from '../components/gitops/application.ts'
import { statusesOf } from '../components/ready/pods.ts'
import { lookAgain } from '../lib/kube/look-again.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Running } from './context.ts'
import { APPLICATIONS } from './ready.ts'
import { podNamespaces } from './stack-pods.ts'

/** Between two requests of a kind. */
const LOOK_AGAIN_MS = 1_000

type Ask = (context: Running, signal: AbortSignal) => Promise<void>

/** Waits, and asks meanwhile. What they cannot do shows in the wait. */
export async function whileAsking(
  asks: Ask[],
  context: Running,
  signal: AbortSignal,
  wait: () => Promise<void>,
): Promise<void> {
  const waited = new AbortController()
  const asking = AbortSignal.any([signal, waited.signal])
  for (const ask of asks) ask(context, asking).catch(() => undefined)
  try {
    await wait()
  } finally {
    waited.abort()
  }
}

/** As a person presses Sync: for a revision that auto-sync sees no reason to sync. */
export async function askForSync(
  { plan, kube, live, revision }: Running,
  signal: AbortSignal,
): Promise<void> {
  const { release, prerequisites } = plan.environment
  const { namespace } = prerequisites.appProject
  const app = await live.until<KubeObject>(
    () => {
      const found = live.get(APPLICATIONS, namespace, release)
      return found && needsSync(found, revision) ? { done: found } : { waiting: 'a need to ask' }
    },
    { signal },
  )
  const patch = { operation: syncOperation(app), status: { operationState: null } }
  await kube.patch(APPLICATIONS, release, patch, { namespace, signal })
}

/** As a person presses Refresh: for an Application that Argo CD looked at before it knew of the project. */
export async function askForLook({ plan, kube, live }: Running, signal: AbortSignal): Promise<void> {
  const { release, prerequisites } = plan.environment
  const { namespace } = prerequisites.appProject
  for (let asked = 0; ; asked = Date.now()) {
    await live.until(
      () => {
        const app = live.get(APPLICATIONS, namespace, release)
        const unseen = app && isProjectUnseen(app) && Date.now() - asked > LOOK_AGAIN_MS
        return unseen ? { done: undefined } : { waiting: 'a project that was not seen' }
      },
      { signal },
    )
    await kube.patch(APPLICATIONS, release, REFRESH, { namespace, signal })
  }
}

/** Of the kubelet: for a pod that was made before the Secret which it takes its environment from. */
export async function askForStart(context: Running, signal: AbortSignal): Promise<void> {
  const { kube, live } = context
  for (let asked = 0; ; asked = Date.now()) {
    const pods = await live.until<KubeObject[]>(
      () => {
        const all = podNamespaces(context).flatMap((namespace) => live.list('v1/pods', namespace))
        const starved = all.filter(isStarved)
        return starved.length > 0 && Date.now() - asked > LOOK_AGAIN_MS
          ? { done: starved }
          : { waiting: 'a pod that was made too soon' }
      },
      { signal },
    )
    await Promise.all(pods.map((pod) => lookAgain(kube, pod, signal)))
  }
}

function isStarved(pod: KubeObject): boolean {
  return statusesOf(pod).some(({ state }) => state?.waiting?.reason === 'CreateContainerConfigError')
}
