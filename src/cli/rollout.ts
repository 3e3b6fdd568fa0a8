/** `devenv rollout …`: looks at and steers a canary, as the kubectl plugin does, on every kind of cluster. */
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { requireRecord } from '../lib/record.ts'
import type { Patches, PromoteOptions } from '../rollout/verbs.ts'
import { duration, wholeNumber } from './flags.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'

const EXAMPLES = `
NAME may leave out the release: "core-api" is "team1-project-core-api". Without NAME: the only Rollout there is,
or core-api.

Examples:
  npm run rollout -- get --watch            the tree, redrawn as it changes
  npm run rollout -- promote                past the pause, or on to the next step
  npm run rollout -- promote --full         all the way, without the remaining steps
  npm run rollout -- abort                  back to the stable version now
  npm run rollout -- undo --to-revision 3   the template of an earlier revision
  npm run rollout -- status --timeout 5m    wait until it is Healthy (exit 0) or Degraded (exit 1)`

const NAME = ['[name]', 'the Rollout; with or without the release in front'] as const
const REDRAW_MS = 1_000

export function register(program: Command, io: Io): void {
  const rollout = program
    .command('rollout')
    .description('look at, promote, abort, retry, restart or undo a canary')
    .addHelpText('after', EXAMPLES)
  rollout
    .command('get')
    .description('draw the tree: revisions, ReplicaSets, pods, step and weight')
    .argument(...NAME)
    .option('-w, --watch', 'again at every change, in place on a terminal; JSON lines with --json')
    .action((name: string | undefined, { watch }: { watch?: boolean }) =>
      withRollout(io, name, (target) => (watch ? watchTree(io, target) : showTree(io, target))),
    )
  rollout
    .command('promote')
    .description('go on from a pause or to the next step')
    .argument(...NAME)
    .option('--full', 'skip all steps, pauses and analysis')
    .option('--skip-current-step', 'skip the step that is running')
    .action(async (name: string | undefined, flags: PromoteOptions) => {
      const { promotePatches } = await import('../rollout/verbs.ts')
      await act(io, name, flags.full ? 'fully promoted' : 'promoted', (one) => promotePatches(one, flags))
    })
  for (const [verb, done, description] of [
    ['abort', 'aborted', 'go back to the stable version now; the update waits for a retry'],
    ['retry', 'retried', 'start an aborted update again'],
    ['restart', 'restarted', 'replace all pods, a few at a time'],
  ] as const) {
    rollout
      .command(verb)
      .description(description)
      .argument(...NAME)
      .action(async (name: string | undefined) => {
        const { abortPatches, restartPatches, retryPatches } = await import('../rollout/verbs.ts')
        const patches: Record<typeof verb, PatchesOf> = {
          abort: abortPatches,
          retry: retryPatches,
          restart: (_rollout, { clock }) => restartPatches(clock.now()),
        }
        await act(io, name, done, patches[verb])
      })
  }
  rollout
    .command('undo')
    .description('put the template of an earlier revision back')
    .argument(...NAME)
    .option('--to-revision <n>', 'default: the one before', wholeNumber(1, 1_000_000_000))
    .action((name: string | undefined, { toRevision }: { toRevision?: number }) =>
      withRollout(io, name, (target) => undo(io, target, toRevision)),
    )
  rollout
    .command('history')
    .description('list the revisions that undo can go back to')
    .argument(...NAME)
    .action((name: string | undefined) => withRollout(io, name, (target) => showHistory(io, target)))
  rollout
    .command('status')
    .description('wait until it is Healthy or Degraded, and say what happens meanwhile')
    .argument(...NAME)
    .option('--timeout <duration>', 'give up after this long', duration)
    .option('--no-watch', 'say how it is now')
    .action((name: string | undefined, flags: { timeout?: number; watch: boolean }) =>
      withRollout(io, name, (target) => waitForEnd(io, target, flags)),
    )
}

interface Target {
  client: KubeClient
  rollout: KubeObject
}

async function withRollout(
  io: Io,
  name: string | undefined,
  use: (target: Target) => Promise<void>,
): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const { KubeClient } = await import('../lib/kube/client.ts')
  const { findRollout } = await import('../rollout/find.ts')
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  try {
    await use({ client, rollout: await findRollout(client, record, name) })
  } finally {
    client.close()
  }
}

async function showTree(io: Io, { client, rollout }: Target): Promise<void> {
  const { readObjects } = await import('../rollout/find.ts')
  const { rolloutView } = await import('../rollout/view.ts')
  const { renderRollout } = await import('./render-rollout.ts')
  const view = rolloutView(await readObjects(client, rollout))
  printResult(io, view, () => renderRollout(view, paintFor(io, io.stdout), client.clock.now()).join('\n'))
}

/** Redrawn at changes, and each second for the ages; ends with Ctrl-C, which is no failure here. */
async function watchTree(io: Io, { client, rollout }: Target): Promise<void> {
  const { followRollout } = await import('../rollout/follow.ts')
  const { renderRollout } = await import('./render-rollout.ts')
  const { redraw } = await import('./redraw.ts')
  const screen = redraw(io.stdout)
  const inPlace = io.stdout.isTTY === true && !io.json
  const paint = paintFor(io, io.stdout)
  let draw = () => {}
  const ticker = setInterval(() => draw(), REDRAW_MS)
  try {
    await followRollout(client, rollout, {
      signal: io.signal,
      tree: true,
      onChange(view) {
        const lines = () => renderRollout(view, paint, client.clock.now())
        if (!inPlace) {
          printResult(io, view, () => `${lines().join('\n')}\n`)
          return
        }
        draw = () => screen.draw(lines())
        draw()
      },
    })
  } catch (thrown) {
    if (!io.signal.aborted) throw thrown
  } finally {
    clearInterval(ticker)
    screen.end()
  }
}

/** What a verb writes. Times in it are the server's. */
type PatchesOf = (rollout: KubeObject, client: KubeClient) => Patches

async function act(io: Io, name: string | undefined, done: string, patchesOf: PatchesOf): Promise<void> {
  const { applyPatches } = await import('../rollout/act.ts')
  await withRollout(io, name, async ({ client, rollout }) => {
    await applyPatches(client, rollout, patchesOf(rollout, client))
    printAction(io, rollout, `rollout '${rollout.metadata.name}' ${done}`)
  })
}

function printAction(io: Io, { metadata }: KubeObject, message: string): void {
  const { name, namespace } = metadata
  printResult(io, { apiVersion: 'devenv/v1', kind: 'RolloutAction', name, namespace, message }, () => message)
}

async function undo(io: Io, { client, rollout }: Target, toRevision: number | undefined): Promise<void> {
  const { readObjects } = await import('../rollout/find.ts')
  const { replicaSetOfRevision, undoTo } = await import('../rollout/history.ts')
  const { revisionOf } = await import('../rollout/names.ts')
  const replicaSet = replicaSetOfRevision(await readObjects(client, rollout), toRevision)
  const revision = revisionOf(replicaSet)
  const changed = await undoTo(client, rollout, replicaSet)
  const message = changed
    ? `rollout '${rollout.metadata.name}' undo: the template of revision ${revision} is back`
    : `skipped rollback (current template already matches revision ${revision})`
  printAction(io, rollout, message)
  if (changed && rollout.metadata.annotations?.['argocd.argoproj.io/tracking-id']) {
    progress(
      io,
      'Argo CD syncs this Rollout: self-heal puts the template of git back. Revert the commit instead.',
    )
  }
}

async function showHistory(io: Io, { client, rollout }: Target): Promise<void> {
  const { readObjects } = await import('../rollout/find.ts')
  const { rolloutHistory } = await import('../rollout/history.ts')
  const { renderHistory } = await import('./render-rollout.ts')
  const history = rolloutHistory(await readObjects(client, rollout))
  printResult(io, history, () =>
    renderHistory(history, paintFor(io, io.stdout), client.clock.now()).join('\n'),
  )
}

async function waitForEnd(
  io: Io,
  { client, rollout }: Target,
  flags: { timeout?: number; watch: boolean },
): Promise<void> {
  const { followRollout } = await import('../rollout/follow.ts')
  const late = flags.timeout === undefined ? undefined : AbortSignal.timeout(flags.timeout)
  let last = ''
  const print = (phase: string, message: string) => {
    const line = message ? `${phase} - ${message}` : phase
    if (line === last) return
    last = line
    const { name, namespace } = rollout.metadata
    printResult(
      io,
      { apiVersion: 'devenv/v1', kind: 'RolloutStatus', name, namespace, phase, message },
      () => line,
    )
  }
  try {
    const view = await followRollout(client, rollout, {
      signal: late ? AbortSignal.any([io.signal, late]) : io.signal,
      tree: false,
      onChange: ({ phase, message }) => print(phase, message),
      done: ({ phase }) => !flags.watch || phase === 'Healthy' || phase === 'Degraded',
    })
    if (view.phase !== 'Degraded') return
    throw new DevenvError('STEP_FAILED', `the rollout is in a degraded state with message: ${view.message}`, {
      fix: 'npm run rollout -- get shows which pods; npm run logs -- NAME what they say; then retry or undo.',
    })
  } catch (thrown) {
    if (!late?.aborted || io.signal.aborted) throw thrown
    throw new DevenvError(
      'DEADLINE',
      `rollout status watch exceeded its timeout (last: ${last || 'nothing seen'})`,
    )
  }
}
