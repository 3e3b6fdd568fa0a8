/** Bringing core-api back to a version that runs, by a commit. */
import { applyPatches } from '../rollout/act.ts'
import { ROLLOUTS } from '../rollout/find.ts'
import { promotePatches } from '../rollout/verbs.ts'
import { settledTag } from './look.ts'
import type { DemoContext } from './step.ts'

/** Until Argo CD and the Rollout are through with whatever went on; answers the tag of core-api that runs. */
export function settled({ live, stack, until }: DemoContext): Promise<string> {
  return until<string>(() => {
    const now = settledTag(live, stack)
    return 'tag' in now ? { done: now.tag } : { waiting: now.missing }
  })
}

/**
 * Releases the tag and waits until it is the stable version again. A canary that was not through is abandoned by it;
 * one that was is replaced without pauses.
 */
export async function putBack(context: DemoContext, tag: string): Promise<void> {
  const { kube, live, stack, until, say } = context
  const { commit } = await context.release(tag)
  say(`commit ${commit.slice(0, 7)}: core-api is ${tag} again`)
  let promoted = false
  await until(() => {
    const now = settledTag(live, stack)
    if ('tag' in now && now.tag === tag) return { done: undefined }
    const seen = live.get(ROLLOUTS, stack.namespace, stack.rollout)
    if (!promoted && seen && isTag(seen, tag) && seen.status?.pauseConditions?.length) {
      promoted = true
      void applyPatches(kube, seen, promotePatches(seen, { full: true })).catch(() => undefined)
    }
    return { waiting: 'missing' in now ? now.missing : `core-api to be ${tag}` }
  })
}

function isTag({ spec }: { spec?: any }, tag: string): boolean {
  return String(spec?.template?.spec?.containers?.[0]?.image).endsWith(`:${tag}`)
}
