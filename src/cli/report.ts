/** `devenv report`: shows a report in the browser, and tells two of them apart. */
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { DevenvError, EXIT } from '../lib/errors.ts'
import { run, which } from '../lib/exec.ts'
import { type Io, printResult } from './io.ts'

const EXAMPLES = `
DIR is what demo or load --report wrote. A folder with several of them counts as several runs, and only those show
how much figures vary by themselves: with four or more on each side the times of scaling are compared, too.

Examples:
  npm run report -- open                          the newest demo
  npm run report -- open out --no-browser         render a load's report, print where it is
  npm run report -- compare reports/a reports/b
  npm run report -- compare before after --markdown >> "$GITHUB_STEP_SUMMARY"`

export function register(program: Command, io: Io): void {
  const report = program
    .command('report')
    .description('open a report of demo or load, or compare two')
    .addHelpText('after', EXAMPLES)
  report
    .command('open')
    .description('render its page, and show it in the browser')
    .argument('[dir]', 'default: the newest in reports/ of this checkout')
    .option('--no-browser', 'only say where the page is')
    .action((dir: string | undefined, { browser }: { browser: boolean }) => open(io, dir, browser))
  report
    .command('compare')
    .description('tell what got better or worse from A to B, and what is noise')
    .argument('<a>', 'a report, or a folder of several')
    .argument('<b>', 'the same')
    .option('--markdown', 'for a pull request')
    .option('--strict', 'exit 1 when something got worse')
    .action((a: string, b: string, flags: { markdown?: boolean; strict?: boolean }) =>
      compare(io, a, b, flags),
    )
}

async function open(io: Io, dir: string | undefined, browser: boolean): Promise<void> {
  const folder = dir === undefined ? await newest(io) : resolve(dir)
  const { readReport } = await import('../report/read.ts')
  const { writeRendered } = await import('../report/write.ts')
  const report = await readReport(folder)
  await writeRendered(folder, report)
  const page = join(folder, 'index.html')
  const { verdict, title } = report
  printResult(io, { apiVersion: 'devenv/v1', kind: 'ReportPage', page, title, verdict }, () => page)
  if (browser && !io.json) await show(page)
}

/** Names hold the time at which they were written. */
async function newest(io: Io): Promise<string> {
  const { reportsIn } = await import('../report/read.ts')
  const folder = join(io.checkout, 'reports')
  const last = (await reportsIn(folder)).at(-1)
  if (last) return last
  throw new DevenvError('USAGE', `there is no report in ${folder} yet`, { fix: 'npm run demo' })
}

/** A machine without a browser has the path on stdout. */
async function show(page: string): Promise<void> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open'
  if (which(opener)) await run(opener, [page], { timeoutMs: 10_000 }).catch(() => undefined)
}

async function compare(
  io: Io,
  a: string,
  b: string,
  flags: { markdown?: boolean; strict?: boolean },
): Promise<void> {
  const { readRuns } = await import('../report/read.ts')
  const { compareReports } = await import('../report/compare/compare.ts')
  const { comparisonMarkdown, comparisonText } = await import('../report/compare/render.ts')
  const [before, after] = await Promise.all(
    [a, b].map(async (dir) => ({ name: basename(resolve(dir)), runs: await readRuns(resolve(dir)) })),
  )
  const comparison = compareReports(before!, after!)
  printResult(io, comparison, () => (flags.markdown ? comparisonMarkdown : comparisonText)(comparison))
  if (flags.strict && comparison.rows.some(({ verdict }) => verdict === 'worse')) io.exitCode = EXIT.failed
}
