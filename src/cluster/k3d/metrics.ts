/** How often k3s' metrics-server looks at pods. */
import type { KubeClient } from '../../lib/kube/client.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { waitFor } from '../../lib/wait.ts'
import type { Waits } from '../provider.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
const PLACE = { namespace: 'kube-system' }
const NAME = 'metrics-server'
const INTERVAL = '--metric-resolution='
/** Has to be shorter than the interval; 10 s by default. */
const PATIENCE = '--kubelet-request-timeout='

/**
 * Sets its interval, once k3s has made it. An HPA knows the CPU use of a new pod after two looks that follow its
 * readiness; until then Argo CD calls the whole Application Degraded.
 */
export async function setMetricsInterval(
  kube: KubeClient,
  seconds: number,
  { waiting, signal }: Waits,
): Promise<void> {
  const deployment = await waitFor<KubeObject>(
    NAME,
    async () => {
      const found = await kube.find(DEPLOYMENTS, NAME, PLACE)
      return found ? { done: found } : { waiting: `Deployment ${NAME}: k3s has not made it yet` }
    },
    { intervalMs: 250, signal, onWaiting: (state) => waiting(state.waiting) },
  )
  const args = (deployment.spec.template.spec.containers[0].args ?? []) as string[]
  const flags = [`${INTERVAL}${seconds}s`, `${PATIENCE}${Math.ceil(seconds / 2)}s`]
  if (flags.every((flag) => args.includes(flag))) return
  const others = args.filter((arg) => !arg.startsWith(INTERVAL) && !arg.startsWith(PATIENCE))
  const wanted = [...others, ...flags]
  const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/args', value: wanted }]
  await kube.patch(DEPLOYMENTS, NAME, patch, { ...PLACE, type: 'json' })
}
