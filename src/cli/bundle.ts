/** `devenv bundle`: everything that an environment takes from outside as one file, and back. */
import { basename, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import type { Loaded } from '../steps/bundle/load.ts'
import type { Kind, Saved } from '../steps/bundle/save.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
A bundle has the pinned k3d, the operators' manifests, every image by digest (those of workloads/ as they are built
here), and RabbitMQ with Erlang for the embedded cluster. It is for machines of this kind (system and processor), and
for this version of the project. The checkout itself and its node_modules are copied beside it.

Examples:
  npm run bundle -- save team1.tar                     with the network: makes the file, or goes on with a cut-off one
  npm run bundle -- save team1.tar --cluster embedded  without images: needs no Docker engine
  npm run bundle -- load team1.tar                     without it: checks all of the file, then puts it in place
  npm run up -- --cluster k3d --offline                asks nothing of the network; names what is missing, if anything

Exit codes: 0 done; 3 a file that is no bundle, is damaged or of another version, a disk with too little room (nothing
was put in place), or something that cannot be had; 1 a disk that filled midway, an engine that stopped: run it again.`

interface Flags {
  cluster: 'all' | Kind
  size: 'full' | 'lite'
  images?: 'local' | 'team'
}

export function register(program: Command, io: Io): void {
  const bundle = program
    .command('bundle')
    .description('carry everything that `up` needs to a machine without the network')
    .addHelpText('after', EXAMPLES)
  bundle
    .command('save <file>')
    .description('write everything into one file')
    .addOption(clusterOption())
    .addOption(
      new Option('--size <size>', 'for k3d: for every engine, or for those with little memory alone')
        .choices(['full', 'lite'])
        .default('full'),
    )
    .addOption(
      new Option(
        '--images <whose>',
        'for k3d: build the images of workloads/, or pull the team’s own',
      ).choices(['local', 'team']),
    )
    .action((file: string, flags: Flags) => orInterrupted(save(resolve(file), flags, io), io))
  bundle
    .command('load <file>')
    .description('check a file and put all of it in place')
    .addOption(clusterOption())
    .action((file: string, flags: Flags) => orInterrupted(load(resolve(file), flags, io), io))
}

function clusterOption(): Option {
  return new Option('--cluster <kind>', 'for which kind of cluster')
    .choices(['all', 'embedded', 'k3d'])
    .default('all')
}

/** What was under way fails in words of its own, as if a network or a build had. */
async function orInterrupted(work: Promise<void>, { signal }: Io): Promise<void> {
  try {
    await work
  } catch (thrown) {
    if (!signal.aborted || (thrown as DevenvError).code === 'INTERRUPTED') throw thrown
    throw new DevenvError('INTERRUPTED', 'interrupted: what is done so far is kept', {
      cause: thrown,
      fix: 'Run the command again: it goes on where this one ended.',
    })
  }
}

async function save(file: string, flags: Flags, io: Io): Promise<void> {
  const began = Date.now()
  progress(io, `devenv bundle save: ${file}`)
  const [{ saveBundle }, plan] = await Promise.all([import('../steps/bundle/save.ts'), planFor(flags, io)])
  const saved = await saveBundle(file, plan, {
    kinds: flags.cluster === 'all' ? ['embedded', 'k3d'] : [flags.cluster],
    size: flags.size,
    progress: (what) => progress(io, `bundle: ${what}`),
    signal: io.signal,
  })
  const durationMs = Date.now() - began
  printResult(
    io,
    { apiVersion: 'devenv/v1', kind: 'BundleSave', ...described(saved), leftOut: saved.leftOut, durationMs },
    () =>
      [
        `${file}: ${inMb(saved.bytes)}, ${counts(saved)} (${(durationMs / 1000).toFixed(1)} s)`,
        ...(saved.kept > 0 ? [`  ${saved.kept} parts were there from a try before`] : []),
        ...saved.leftOut.map((what) => `  left out: ${what}`),
        `  on the other machine: npm run bundle -- load ${basename(file)}, then npm run up -- --offline`,
      ].join('\n'),
  )
}

async function load(file: string, flags: Flags, io: Io): Promise<void> {
  const began = Date.now()
  progress(io, `devenv bundle load: ${file}`)
  const [{ loadBundle }, plan] = await Promise.all([import('../steps/bundle/load.ts'), planFor(flags, io)])
  const loaded = await loadBundle(file, plan, {
    images: flags.cluster !== 'embedded',
    progress: (what) => progress(io, `bundle: ${what}`),
    signal: io.signal,
  })
  const durationMs = Date.now() - began
  const { placed } = loaded
  const present = placed.filter((one) => one.present).length
  printResult(
    io,
    { apiVersion: 'devenv/v1', kind: 'BundleLoad', ...described(loaded), placed, durationMs },
    () =>
      [
        `${file}: ${counts(loaded)} checked; ${placed.length - present} put in place, ${present} were there (${(durationMs / 1000).toFixed(1)} s)`,
        '  npm run up -- --offline',
      ].join('\n'),
  )
}

/** The plan of an `up` on k3d, which knows what an environment needs; no engine is asked for it. */
async function planFor({ images }: Flags, io: Io) {
  const { makePlan } = await import('../steps/plan.ts')
  return makePlan({ checkout: io.checkout, name: io.name, cluster: 'k3d', ...(images ? { images } : {}) })
}

function described({ file, bytes, index }: Saved | Loaded) {
  const { platform, size, versions, files, trees, images } = index
  return { file, bytes, platform, size, versions, files, trees, images }
}

function counts({ index }: Saved | Loaded): string {
  const { files, trees, images, parts } = index
  return `${files.length + trees.length} files and ${images.length} images in ${parts.length} parts`
}

function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
