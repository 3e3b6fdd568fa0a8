/** What Argo CD does not do by itself, or not soon: asked for while the bring-up waits for its Application. */
import { isProjectUnseen, needsSync, REFRESH, syncOperation } from '../components/gitops/application.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Running } from './context.ts'
import { APPLICATIONS } from './ready.ts'

/** Between two requests to look at the Application. */
const LOOK_AGAIN_MS = 1_000

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
