/** `devenv demo`: the whole story with assertions; the exit code is the verdict. */
import { writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { DemoReport } from '../demo/report.ts'
import type { DemoStep } from '../demo/step.ts'
import { DevenvError, EXIT, messageOf } from '../lib/errors.ts'
import { makeFolder } from '../lib/make-folder.ts'
import { requireRecord } from '../lib/record.ts'
import { openDemoDisplay } from './demo-display.ts'
import { factor } from './flags.ts'
import { type Io, paintFor, printResult } from './io.ts'
import { rotateBroker } from './rotate-broker.ts'

const EXAMPLES = `
Each step says what is about to happen, does it, and judges what it saw. A step that fails undoes what it did, and
the story goes on; steps that build on it are skipped.

Examples:
  npm run demo                            all of it, two to three minutes with profile fast
  npm run demo -- --step                  waits for a key before each step: for an audience
  npm run demo -- --only canary,drift     by name or number, with what they build on
  npm run demo -- --list                  what there is to see
  npm run demo -- --junit demo.xml        for a CI system; --json for scripts
  npm run report -- open                  the report of the last one in a browser

Exit codes: 0 every step passed; 1 one did not; 130 interrupted. The report is written in every case.`

interface Flags {
  step?: boolean
  only?: string
  list?: boolean
  queue: string
  tolerance: number
  tag?: string
  badTag?: string
  junit?: string
  report?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('demo')
    .description('tell the whole story with assertions: scaling, canary, rollback, rotation, drift')
    .option('--step', 'wait for a key before each step')
    .option('--only <steps>', 'numbers or names, with commas')
    .option('--list', 'the steps, without running them')
    .option('--queue <queue>', 'the queue that is filled: job-descr, question or resume', 'question')
    .option('--tolerance <factor>', 'allow this much more time, on a busy machine', factor, 1)
    .option('--tag <tag>', 'tag of core-api to release (default: devenv/devenv.yaml)')
    .option('--bad-tag <tag>', 'tag of a version that fails its probes')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--report <dir>', 'write the report there (default: reports/demo-TIME in this checkout)')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => demo(io, flags))
}

async function demo(io: Io, flags: Flags): Promise<void> {
  const { STEPS } = await import('../demo/steps/index.ts')
  const { chooseSteps } = await import('../demo/choose.ts')
  const steps = chooseSteps(STEPS, flags.only)
  if (flags.list) return list(io, STEPS, steps)
  if (flags.step && (io.json || !process.stdin.isTTY || !io.input))
    throw new DevenvError('USAGE', '--step waits for a key, and there is no terminal to read it from')
  const record = await requireRecord(io.name, io.env)
  const { startDemo } = await import('../demo/start.ts')
  const { demoReleases } = await import('../demo/releases.ts')
  const releases = await demoReleases(io.checkout, flags.tag, flags.badTag)
  const display = openDemoDisplay(io, flags.step ?? false)
  const { report, timeline } = await startDemo(
    record,
    {
      steps,
      releases,
      checkout: io.checkout,
      queue: flags.queue,
      tolerance: flags.tolerance,
      signal: io.signal,
      rotateBroker: (signal) => rotateBroker(record, signal, display.waiting),
    },
    display,
  ).finally(display.end)
  const folder = resolve(flags.report ?? join(io.checkout, 'reports', folderName(report)))
  const { writeDemoReport } = await import('../report/write.ts')
  await writeDemoReport(folder, report, timeline)
  if (flags.junit !== undefined) await writeJunit(resolve(flags.junit), report)
  printResult(io, { ...report, report: folder }, () => verdict(io, report, folder))
  io.exitCode = { passed: EXIT.done, failed: EXIT.failed, interrupted: EXIT.interrupted }[report.verdict]
}

function list(io: Io, all: readonly DemoStep[], steps: readonly DemoStep[]): void {
  const rows = steps.map(({ id, title, sentence, needs }) => ({
    number: all.findIndex((one) => one.id === id) + 1,
    id,
    title,
    sentence,
    needs,
  }))
  const width = Math.max(...rows.map(({ id }) => id.length))
  const paint = paintFor(io, io.stdout)
  printResult(io, { apiVersion: 'devenv/v1', kind: 'DemoSteps', steps: rows }, () =>
    rows
      .map(
        ({ number, id, title, sentence }) =>
          `${number}  ${id.padEnd(width)}  ${paint('bold', title)}\n   ${' '.repeat(width)}  ${sentence}`,
      )
      .join('\n'),
  )
}

function folderName({ startedAt }: DemoReport): string {
  return `demo-${startedAt.slice(0, 19).replaceAll(':', '')}`
}

async function writeJunit(path: string, report: DemoReport): Promise<void> {
  const { junitXml } = await import('../demo/junit.ts')
  try {
    await makeFolder(dirname(path))
    await writeFile(path, junitXml(report))
  } catch (thrown) {
    throw new DevenvError('STATE_UNWRITABLE', `cannot write ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

function verdict(io: Io, { verdict: word, steps, durationMs }: DemoReport, folder: string): string {
  const paint = paintFor(io, io.stdout)
  const count = (status: string) => steps.filter((step) => step.status === status).length
  const rest = [
    [count('failed'), 'failed'],
    [count('skipped'), 'skipped'],
  ].filter(([number]) => number !== 0)
  const counts = [`${count('passed')} of ${steps.length} steps passed`, ...rest.map((one) => one.join(' '))]
  const head = `${word === 'passed' ? '✔' : '✖'} demo ${word}`
  return [
    `${paint(word === 'passed' ? 'green' : 'red', head)} (${Math.round(durationMs / 1000)} s): ${counts.join(', ')}`,
    `  report  ${join(folder, 'index.html')}`,
  ].join('\n')
}
