/** `devenv release X TAG`: bump an image tag in the stack's repository, as team1's CI does. */
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import { type RunRecord, requireRecord } from '../lib/record.ts'
import type { ReleaseResult } from '../release/release.ts'
import { duration } from './flags.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'

const EXAMPLES = `
X is a component of the chart: core-api, frontend, job-descr-worker, question-worker, resume-worker.

Examples:
  npm run release -- core-api sha-1234567          a branch, a commit, a merge; Argo CD takes it from there
  npm run release -- core-api sha-1234567 --wait   until the canary is through (exit 0) or degraded (exit 1)`

const DEFAULT_TIMEOUT_MS = 15 * 60_000

export function register(program: Command, io: Io): void {
  program
    .command('release')
    .description('bump a component’s image tag in the stack’s git repository')
    .argument('<component>', 'as the chart names it')
    .argument('<tag>', 'the image tag to release')
    .option('--wait', 'until it runs everywhere, or has failed')
    .option('--timeout <duration>', 'with --wait: give up after this long (default: 15m)', duration)
    .addHelpText('after', EXAMPLES)
    .action((component: string, tag: string, flags: { wait?: boolean; timeout?: number }) =>
      run(io, component, tag, flags),
    )
}

async function run(io: Io, component: string, tag: string, flags: { wait?: boolean; timeout?: number }) {
  const record = await requireRecord(io.name, io.env)
  const kube = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  try {
    const began = Date.now()
    const { release } = await import('../release/release.ts')
    const { ensureReleaseImage } = await import('../steps/release-image.ts')
    const waiting = (what: string) => progress(io, `waiting for ${what}`)
    await ensureReleaseImage(record, kube, { component, tag }, { env: io.env, waiting, signal: io.signal })
    const result = await release(record, kube, component, tag).catch((thrown) => {
      // git hears Ctrl-C too: that is no refusal.
      if (!io.signal.aborted) throw thrown
      throw new DevenvError('INTERRUPTED', 'interrupted before the tag was pushed: nothing was changed', {
        cause: thrown,
      })
    })
    if (flags.wait && result.changed)
      await wait(io, kube, record, { ...result, sinceMs: began }, flags.timeout ?? DEFAULT_TIMEOUT_MS)
    const object = { apiVersion: 'devenv/v1', kind: 'Release', ...result, durationMs: Date.now() - began }
    printResult(io, object, () => summary(io, result, flags.wait ?? false))
  } finally {
    kube.close()
  }
}

async function wait(
  io: Io,
  kube: KubeClient,
  record: RunRecord,
  { sinceMs, ...released }: ReleaseResult & { sinceMs: number },
  timeoutMs: number,
) {
  const { followRelease } = await import('../release/follow.ts')
  const { containsRelease } = await import('../release/superseded.ts')
  using live = new LiveObjects(kube)
  const deadline = AbortSignal.timeout(timeoutMs)
  let last = 'Argo CD'
  try {
    await followRelease(live, {
      commit: released.commit,
      sinceMs,
      tag: released.tag,
      contains: (revision) => containsRelease(released, revision),
      namespace: record.namespace,
      release: record.release,
      argocd: record.argocd ?? 'argocd',
      signal: AbortSignal.any([io.signal, deadline]),
      waiting(what) {
        last = what
        progress(io, `waiting for ${what}`)
      },
    })
  } catch (thrown) {
    if (!deadline.aborted || io.signal.aborted) throw thrown
    throw new DevenvError('DEADLINE', `still waiting for ${last} after ${timeoutMs / 1000} s`, {
      cause: thrown,
      fix: 'npm run rollout -- get shows where it is',
    })
  }
}

function summary(io: Io, result: ReleaseResult, waited: boolean): string {
  const { component, tag, previous, commit, branch, changed } = result
  const paint = paintFor(io, io.stdout)
  if (!changed)
    return `${component} is at ${tag} already (${branch} ${commit.slice(0, 7)}); nothing was committed`
  const done = `${paint('green', `${component}: ${previous} → ${tag}`)}, merged into ${branch} as ${commit.slice(0, 7)}`
  return waited ? `${done}; it runs everywhere` : `${done}\n  watch it: npm run rollout -- get --watch`
}
