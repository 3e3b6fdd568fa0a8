/** `devenv doctor`: what this machine can run, what is missing, and the command that mends it. */
import type { Command } from 'commander'
import type { Finding, Verdict } from '../doctor/check.ts'
import { EXIT } from '../lib/errors.ts'
import { type Io, type Paint, paintFor, printResult, progress, type Style } from './io.ts'

const EXAMPLES = `
Examples:
  npm run doctor
  npm run doctor -- --json | jq '.findings[] | select(.verdict != "ok")'

Exit codes: 0 an environment can come up here; 3 something is missing. Nothing is changed.`

const MARK: Record<Verdict, { sign: string; style: Style }> = {
  ok: { sign: '✓', style: 'green' },
  missing: { sign: '✗', style: 'red' },
  limited: { sign: '!', style: 'yellow' },
  optional: { sign: '-', style: 'dim' },
}

export function register(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('tell what this machine can run, what is missing, and how to mend it')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      progress(io, 'devenv doctor: looking at this machine')
      const { examine } = await import('../doctor/examine.ts')
      const { findings, able, clusters } = await examine(io.env)
      const paint = paintFor(io, io.stdout)
      printResult(io, { apiVersion: 'devenv/v1', kind: 'Doctor', able, clusters, findings }, () =>
        [...findings.flatMap((finding) => lines(finding, paint)), verdict(clusters, paint)].join('\n'),
      )
      io.exitCode = able ? EXIT.done : EXIT.preflight
    })
}

function lines({ name, verdict, message, fix }: Finding, paint: Paint): string[] {
  const { sign, style } = MARK[verdict]
  const first = `${paint(style, sign)} ${name.padEnd(16)} ${message}`
  return fix === undefined ? [first] : [first, `  ${''.padEnd(16)} ${paint('bold', 'fix:')} ${fix}`]
}

function verdict(clusters: string[], paint: Paint): string {
  return clusters.length > 0
    ? paint('green', `This machine can run an environment (${clusters.join(' or ')}): npm run up`)
    : paint('red', 'This machine cannot run an environment yet: mend what is marked ✗.')
}
