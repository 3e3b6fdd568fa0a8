/** `devenv why`: why a workload has its replicas, a pod is not ready, a Secret is stale, an app is OutOfSync. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Place, SnapshotSource } from '../explain/gather.ts'
import type { Snapshot } from '../explain/snapshot.ts'
import type { Why } from '../explain/why.ts'
import { type RunRecord, requireRecord } from '../lib/record.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'

const EXAMPLES = `
NAME may leave out the release: "question-worker" is "team1-project-question-worker". Where several kinds have
that name, put one in front: deploy/, rollout/, sts/, pod/, externalsecret/, secret/, app/, hpa/, queue/.

Examples:
  npm run why -- question-worker            messages → trigger → HPA → pods → cooldown, and what comes next
  npm run why -- core-api                   the canary's arithmetic, the HPA's
  npm run why -- pod/question-worker        why it is not ready (the beginning of its name will do)
  npm run why -- secret/rabbitmq-secrets    where its values come from, how old they are, who still has old ones
  npm run why -- app/team1-project          why it is OutOfSync
  npm run why -- question-worker --watch
  npm run why -- question-worker --kubeconfig ~/.kube/config --context prod -n team1-ns    any cluster; reads only

Exit codes: 0 explained; 1 no environment, or no answer from it; 2 no such object, or several.`

const WATCH_MS = 1_000

interface Flags {
  watch?: boolean
  kubeconfig?: string
  context?: string
  namespace?: string
  release?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('why')
    .description(
      'tell why a workload has the replicas it has, and what would change them; pods, secrets, apps too',
    )
    .argument('<name>', 'a workload, pod, secret or app; with or without the release in front')
    .option('-w, --watch', 'again every second, in place on a terminal; JSON lines with --json')
    .option('--kubeconfig <path>', 'another cluster than the environment’s')
    .option('--context <name>', 'the context in that kubeconfig')
    .option('-n, --namespace <namespace>', 'where the release is')
    .option('--release <name>', 'the prefix that names may leave out')
    .addHelpText('after', EXAMPLES)
    .action((name: string, flags: Flags) => why(io, name, flags))
}

async function why(io: Io, name: string, flags: Flags): Promise<void> {
  const { place, ...looking } = await whereToLook(io, flags)
  const { snapshotSource } = await import('../explain/gather.ts')
  const { explain } = await import('../explain/find.ts')
  const { renderWhy } = await import('./render-why.ts')
  const paint = paintFor(io, io.stdout)
  const lines = (answer: Why) =>
    renderWhy(answer, paint, io.stdout.isTTY ? (io.stdout.columns ?? 80) : undefined)
  await using source = await snapshotSource(place, looking)
  const look = async () => explain(name, place.release, await readAll(io, source))
  if (!flags.watch) {
    const answer = await look()
    printResult(io, answer, () => lines(answer).join('\n'))
    return
  }
  await watch(io, look, lines)
}

async function watch(io: Io, look: () => Promise<Why>, lines: (answer: Why) => string[]): Promise<void> {
  const { redraw } = await import('./redraw.ts')
  const screen = redraw(io.stdout)
  const inPlace = io.stdout.isTTY === true && !io.json
  try {
    while (!io.signal.aborted) {
      const answer = await look()
      if (inPlace) screen.draw(lines(answer))
      else printResult(io, answer, () => `${lines(answer).join('\n')}\n\n`)
      await sleep(WATCH_MS, undefined, { signal: io.signal }).catch(() => undefined)
    }
  } catch (thrown) {
    // Ctrl-C amid a look ends the watch, which is no failure.
    if (!io.signal.aborted) throw thrown
  } finally {
    screen.end()
  }
}

async function readAll(io: Io, source: SnapshotSource): Promise<Snapshot> {
  const snapshot = await source.look(io.signal)
  const { unreadable } = snapshot
  if (unreadable.length > 0)
    progress(io, `not allowed to list ${unreadable.join(', ')}: that part is left out`)
  return snapshot
}

/** The environment's own cluster, or the one that the flags name. */
async function whereToLook(io: Io, flags: Flags): Promise<{ place: Place; hpaSyncSeconds?: number }> {
  const { kubeconfig, context, namespace, release } = flags
  if (kubeconfig === undefined) {
    const record = await requireRecord(io.name, io.env)
    const seconds = await syncPeriod(record)
    const place = { ...record, namespace: namespace ?? record.namespace, release: release ?? record.release }
    return { place, ...(seconds === undefined ? {} : { hpaSyncSeconds: seconds }) }
  }
  const { readYaml } = await import('../config/yaml-file.ts')
  const { environmentSchema } = await import('../config/environment.ts')
  const known = await readYaml(join(io.checkout, 'devenv', 'devenv.yaml'), environmentSchema, io.checkout)
  const cluster: Place['cluster'] = { kind: 'context', reason: '--kubeconfig', kubernetes: '', kubeconfig }
  return {
    place: {
      namespace: namespace ?? known.namespace,
      release: release ?? known.release,
      endpoints: {},
      cluster: context === undefined ? cluster : { ...cluster, context },
    },
  }
}

/** Clusters of our own take the HPA's period from the profile; no API tells it. */
export async function syncPeriod({ cluster, checkout, profile }: RunRecord): Promise<number | undefined> {
  if (cluster.kind === 'context') return undefined
  const { readYaml } = await import('../config/yaml-file.ts')
  const { profileSchema } = await import('../config/environment.ts')
  const path = join(checkout, 'devenv', 'profiles', `${profile}.yaml`)
  const settings = await readYaml(path, profileSchema, checkout).catch(() => undefined)
  return settings?.cluster.hpaSyncPeriodSeconds
}
