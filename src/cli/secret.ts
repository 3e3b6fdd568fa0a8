/** `devenv secret set/rotate`: writes Vault, and shows how the value gets to pods and scalers. */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import type { SecretResult, SecretRun } from '../steps/run-secret.ts'
import { type Io, type Paint, paintFor, printResult, progress } from './io.ts'

const ABOUT = `
Values are never printed. Every process of this machine can read another one's arguments, and shells keep a
history: give a real secret by standard input or from a file.`

const EXAMPLES = `${ABOUT}

Examples:
  npm run secret -- set team1/shared OPENAI_MODEL_NAME=gpt-4o
  pass show openai | npm run secret -- set team1/shared OPENAI_API_KEY=- --restart
  npm run secret -- set frontend KC_CLIENT_SECRET=@client-secret.txt
  npm run secret -- rotate rabbitmq       Vault, the broker's user, Secrets, pods, KEDA, each timed`

const SET_EXAMPLES = `
KEY=VALUE, KEY=@file or KEY=- (standard input). The path may name the mount or not; its other keys stay.
Running pods keep what they started with until they restart: --restart does that.
${EXAMPLES}`

const ROTATE_EXAMPLES = `
Makes up a new value for one that was generated: rabbitmq, postgres, or a ref of seeds/vault.yaml (openaiKey). It is
written to every path of Vault that carries the old one; the server's user is changed with it. Running connections
stay. Workers finish what they have in hand; the broker itself goes on, with its messages.

Examples:
  npm run secret -- rotate rabbitmq
  npm run secret -- rotate openaiKey --json`

export function register(program: Command, io: Io): void {
  const secret = program
    .command('secret')
    .description('set or rotate a secret in Vault, and see it arrive')
    .addHelpText('after', EXAMPLES)
  secret
    .command('set')
    .description('write keys of a path in Vault')
    .argument('<path>', 'team1/shared, or shared')
    .argument('<assignments...>', 'KEY=VALUE, KEY=@file, KEY=-')
    .option('--restart', 'restart the pods that hold the old value')
    .addHelpText('after', SET_EXAMPLES)
    .action(async (path: string, assignments: string[], flags: { restart?: boolean }) => {
      const record = await requireRecord(io.name, io.env)
      const { parseAssignments } = await import('../secret/assignments.ts')
      const values = await parseAssignments(assignments, {
        readFile: (file) => readFile(file, 'utf8'),
        readStdin: () => readInput(io),
      })
      const { planSet } = await import('../steps/run-secret.ts')
      await carryOut(io, `${path} ${Object.keys(values).join(', ')}`, 'set', () =>
        planSet(record, path, values, flags.restart ?? false),
      )
    })
  secret
    .command('rotate')
    .description('give a generated secret a new value everywhere')
    .argument('<name>', 'rabbitmq, postgres, or a ref of seeds/vault.yaml')
    .addHelpText('after', ROTATE_EXAMPLES)
    .action(async (name: string) => {
      const record = await requireRecord(io.name, io.env)
      const { planRotation } = await import('../steps/run-secret.ts')
      await carryOut(io, name, 'rotated', () => planRotation(record, name))
    })
}

async function readInput(io: Io): Promise<string> {
  if (process.stdin.isTTY && !io.input)
    throw new DevenvError(
      'USAGE',
      'KEY=- reads standard input, which is a terminal, and --no-input forbids asking',
    )
  if (process.stdin.isTTY) progress(io, 'the value, then Ctrl-D (it shows while you type; a pipe hides it):')
  return text(process.stdin)
}

async function carryOut(io: Io, what: string, verb: string, plan: () => Promise<SecretRun>): Promise<void> {
  progress(io, `devenv secret: ${what}`)
  const { steps, notes, run } = await plan()
  for (const note of notes) progress(io, `note: ${note}`)
  const live = io.stderr.isTTY && !io.quiet && !io.verbose
  const tasks = live ? (await import('./step-tasks.ts')).stepTasks(steps) : undefined
  const listener = tasks?.listener ?? (await import('./step-lines.ts')).stepLines(io)
  const result = await run(listener, io.signal).then(
    async (value) => {
      await tasks?.finished(false)
      return value
    },
    async (thrown: unknown) => {
      await tasks?.finished(true)
      throw thrown
    },
  )
  const { did, paths, timings } = result
  const stages = timings.steps
    .toSorted((a, b) => a.endMs - b.endMs)
    .map(({ id, title, startMs, endMs }) => ({ id, title, startMs, endMs, did: did[id] ?? '' }))
  const object = {
    apiVersion: 'devenv/v1',
    kind: 'SecretChange',
    name: io.name,
    what,
    verb,
    paths,
    stages,
    notes,
  }
  printResult(io, { ...object, durationMs: timings.durationMs }, () =>
    summary(what, verb, stages, timings, paintFor(io, io.stdout)),
  )
}

function summary(
  what: string,
  verb: string,
  stages: { title: string; endMs: number; did: string }[],
  { durationMs }: SecretResult['timings'],
  paint: Paint,
): string {
  const width = Math.max(...stages.map(({ title }) => title.length))
  return [
    `${paint('bold', what)} ${verb} (${(durationMs / 1000).toFixed(1)} s)`,
    ...stages.map(
      ({ title, endMs, did }) => `${(endMs / 1000).toFixed(1).padStart(6)} s  ${title.padEnd(width)}  ${did}`,
    ),
  ].join('\n')
}
