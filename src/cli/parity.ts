/** `devenv parity`: the same behaviours on the embedded cluster and on a real one, side by side; exit code is the verdict. */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { DevenvError, EXIT, messageOf } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import type { KindResult, ParityReport } from '../parity/model.ts'
import type { UpOptions } from '../steps/options.ts'
import { factor } from './flags.ts'
import { type Io, paintFor, printResult, progress } from './io.ts'
import { renderParity } from './render-parity.ts'

const EXAMPLES = `
On each kind of cluster an environment of its own comes up, tells the story (0→5→0 with nothing lost, a canary promoted
and one aborted), runs the contract cases of test/contract, and goes again. A difference that DIFFERENCES.md names
is known and is no failure.

Examples:
  npm run parity                                  embedded, and k3d where a Docker engine answers
  npm run parity -- --against k3d                 k3d must be there
  npm run parity -- --against context:lab --image registry.example/contract-web:1
  npm run parity -- --only cases                  without the story; story is the other half
  npm run parity -- --markdown parity.md          for a pull request; --json for scripts

Exit codes: 0 no difference but known ones; 1 a difference or a failure; 3 the kind that was asked for is not to be had.`

/** What the cases' pods run where this machine builds images. */
const WEB_IMAGE = 'devenv/contract-web:1'

interface Flags {
  against: string
  only?: 'story' | 'cases'
  image?: string
  gitHost?: string
  markdown?: string
  keep?: boolean
  offline?: boolean
  tolerance: number
  yes?: boolean
}

export function register(program: Command, io: Io): void {
  program
    .command('parity')
    .description('compare the embedded cluster with a real one, behaviour by behaviour')
    .option('--against <kind>', 'auto, k3d, context:NAME, or none for the embedded cluster alone', 'auto')
    .option('--only <half>', 'story or cases', half)
    .option('--image <image>', 'for context:NAME: an image of test/contract that its nodes can pull')
    .option('--git-host <address>', 'for context:NAME: an address of this machine that its pods reach')
    .option('--markdown <file>', 'write the report there, too')
    .option('--tolerance <factor>', 'allow the story this much more time', factor, 1)
    .option('--offline', 'ask nothing of the network, as up --offline')
    .option('--keep', 'leave the environments up')
    .option('-y, --yes', 'answer every question with yes')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => parity(flags, io))
}

function half(text: string): 'story' | 'cases' {
  if (text === 'story' || text === 'cases') return text
  throw new DevenvError('USAGE', `--only ${text}: there are story and cases`)
}

async function parity(flags: Flags, io: Io): Promise<void> {
  const began = Date.now()
  progress(io, 'devenv parity: the same behaviours on every kind of cluster')
  const [{ compare }, { knownDifferences }] = await Promise.all([
    import('../parity/compare.ts'),
    import('../parity/known.ts'),
  ])
  const { kinds, absent } = await chosenKinds(flags)
  const results: KindResult[] = []
  // The real one first: what it lacks shows before anybody has waited for the other.
  for (const cluster of kinds) {
    try {
      results.push(await look(cluster, flags, io))
    } catch (thrown) {
      if (!isUnavailable(thrown) || flags.against !== 'auto' || cluster === 'embedded') throw thrown
      absent.push({ kind: cluster, reason: messageOf(thrown) })
      progress(io, `parity: ${cluster} is not to be had here: ${messageOf(thrown)}`)
    }
  }
  const known = knownDifferences(await readFile(join(io.checkout, 'DIFFERENCES.md'), 'utf8'))
  const report = compare(results.reverse(), absent, known, Date.now() - began)
  if (flags.markdown) await writeMarkdown(resolve(flags.markdown), report)
  printResult(io, report, () => renderParity(report, paintFor(io, io.stdout)))
  io.exitCode = report.verdict === 'passed' ? EXIT.done : EXIT.failed
}

async function chosenKinds({
  against,
  image,
  only,
}: Flags): Promise<{ kinds: string[]; absent: ParityReport['absent'] }> {
  const { detectCluster } = await import('../cluster/detect.ts')
  if (against === 'none') return { kinds: ['embedded'], absent: [] }
  if (against === 'auto') {
    const { findEngine } = await import('../lib/docker/engine.ts')
    const found = await findEngine()
    if ('absent' in found) return { kinds: ['embedded'], absent: [{ kind: 'k3d', reason: found.absent }] }
    return { kinds: ['k3d', 'embedded'], absent: [] }
  }
  if (against !== 'k3d' && !/^context:./.test(against))
    throw new DevenvError('USAGE', `--against ${against}: there are auto, k3d, context:NAME and none`, {
      fix: 'The embedded cluster is always one of the two.',
    })
  const choice = await detectCluster(against, { name: 'parity', earlier: undefined, env: process.env })
  if (choice.kind === 'context' && !image && only !== 'story')
    throw new DevenvError('USAGE', `--against ${against}: its nodes need an image for the cases`, {
      fix: 'docker build test/contract, push it where its nodes pull from, and give it as --image; or --only story.',
    })
  return { kinds: [against, 'embedded'], absent: [] }
}

/** Everything on one kind of cluster. */
async function look(cluster: string, flags: Flags, io: Io): Promise<KindResult> {
  const tell = (what: string) => progress(io, `parity: ${what}`)
  const real = cluster !== 'embedded'
  const kind = cluster.split(':')[0]!
  const name = `${io.name.slice(0, 31)}-${kind === 'context' ? 'ctx' : kind}`.replace(/-+/g, '-')
  const outcomes: KindResult['outcomes'] = []
  const figures: KindResult['figures'] = []
  let kubernetes = 'v1.35.0'
  // The embedded cases bring a cluster of their own.
  const needed = real || flags.only !== 'cases'
  try {
    let kubeconfig = ''
    if (needed) {
      tell(`${kind}: environment ${name} comes up`)
      await bringUp({ cluster, name }, flags, io)
      const record = await requireRecord(name, io.env)
      kubernetes = record.cluster.kubernetes
      kubeconfig = record.cluster.kubeconfig
      if (flags.only !== 'cases') {
        tell(`${kind}: the story`)
        const told = await story(name, flags, io)
        outcomes.push(...told.outcomes)
        figures.push(...told.figures)
      }
    }
    if (flags.only !== 'story') {
      tell(`${kind}: the contract cases`)
      const { runCases } = await import('../parity/cases.ts')
      const { hostAddress } = await import('../cluster/host-address.ts')
      const gitHost = flags.gitHost ?? (await hostAddress(name, io.env))
      const target = real ? { kubeconfig, image: flags.image ?? WEB_IMAGE, gitHost } : undefined
      const { checkout, signal } = io
      outcomes.push(
        ...(await runCases({ checkout, target, signal, progress: (what) => tell(`${kind}: ${what}`) })),
      )
    }
    return { kind, kubernetes, outcomes, figures }
  } finally {
    if (needed && !flags.keep) await takeDown(name, tell, io)
  }
}

async function bringUp(
  { cluster, name }: { cluster: string; name: string },
  flags: Flags,
  io: Io,
): Promise<void> {
  const { resume } = await import('./run-up.ts')
  const options: UpOptions = {
    checkout: io.checkout,
    name,
    cluster,
    profile: 'fast',
    ...(flags.offline ? { offline: true } : {}),
    alsoBuild: [WEB_IMAGE],
  }
  await resume(options, io, flags.yes ?? false)
}

async function story(name: string, flags: Flags, io: Io) {
  const [
    { storySteps, fromDemo },
    { STEPS },
    { startDemo },
    { demoReleases },
    { openDemoDisplay },
    { rotateBroker },
  ] = await Promise.all([
    import('../parity/story.ts'),
    import('../demo/steps/index.ts'),
    import('../demo/start.ts'),
    import('../demo/releases.ts'),
    import('./demo-display.ts'),
    import('./rotate-broker.ts'),
  ])
  const record = await requireRecord(name, io.env)
  const display = openDemoDisplay(io, false)
  const { report } = await startDemo(
    record,
    {
      steps: storySteps(STEPS),
      releases: await demoReleases(io.checkout),
      checkout: io.checkout,
      queue: 'question',
      tolerance: flags.tolerance,
      signal: io.signal,
      rotateBroker: (signal) => rotateBroker(record, signal, display.waiting),
    },
    display,
  ).finally(display.end)
  if (io.signal.aborted) throw new DevenvError('INTERRUPTED', 'interrupted')
  return fromDemo(report)
}

/** Also after a failure and Ctrl-C; what stays is told, and is no reason to lose the report. */
async function takeDown(name: string, tell: (what: string) => void, io: Io): Promise<void> {
  const { isThere, removeAny } = await import('../cluster/remove.ts')
  const options = { context: undefined, env: io.env }
  if (!(await isThere(name, options))) return
  tell(`environment ${name} goes`)
  const left = await removeAny(name, options, () => undefined)
  for (const { kind, what, why } of left) tell(`could not be removed: ${kind} ${what}: ${why}`)
}

function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof DevenvError && thrown.exitCode === EXIT.preflight
}

async function writeMarkdown(path: string, report: ParityReport): Promise<void> {
  const { parityMarkdown } = await import('../parity/markdown.ts')
  await writeFile(path, parityMarkdown(report)).catch((thrown) => {
    throw new DevenvError('STATE_UNWRITABLE', `cannot write ${path}: ${messageOf(thrown)}`, { cause: thrown })
  })
}
