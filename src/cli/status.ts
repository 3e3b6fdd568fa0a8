/** `devenv status`: one screen, or JSON; again and again with --watch. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { readRecord } from '../lib/record.ts'
import { absentStatus, type Status } from '../status/status.ts'
import { type Io, paintFor, printResult } from './io.ts'

const EXAMPLES = `
Examples:
  npm run status
  npm run status -- --watch
  npm run status -- --json | jq -r .phase

An environment that does not exist has the phase Absent; the exit code is 0.`

const WATCH_MS = 1_000

export function register(program: Command, io: Io): void {
  program
    .command('status')
    .description('show cluster, components, workloads with replicas and why, queues, canary, secrets')
    .option('-w, --watch', 'again every second, in place on a terminal; JSON lines with --json')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { watch?: boolean }) => {
      if (flags.watch) await watch(io)
      else await show(io)
    })
}

async function show(io: Io): Promise<void> {
  await using source = await open(io)
  const status = await source.gather()
  const { renderStatus } = await import('./render-status.ts')
  printResult(io, status, () => renderStatus(status, paintFor(io, io.stdout), Date.now()).join('\n'))
}

async function watch(io: Io): Promise<void> {
  const { renderStatus } = await import('./render-status.ts')
  const { redraw } = await import('./redraw.ts')
  const screen = redraw(io.stdout)
  const inPlace = io.stdout.isTTY === true && !io.json
  try {
    while (!io.signal.aborted) {
      // Opened anew each time: `up` and `down` may come and go meanwhile.
      const status = await snapshot(io)
      if (inPlace) screen.draw(renderStatus(status, paintFor(io, io.stdout), Date.now()))
      else printResult(io, status, () => renderStatus(status, paintFor(io, io.stdout), Date.now()).join('\n'))
      await sleep(WATCH_MS, undefined, { signal: io.signal }).catch(() => undefined)
    }
  } finally {
    screen.end()
  }
}

async function snapshot(io: Io): Promise<Status> {
  await using source = await open(io)
  return await source.gather()
}

async function open(io: Io): Promise<AsyncDisposable & { gather(): Promise<Status> }> {
  const record = await readRecord(io.name, io.env)
  if (!record) return { gather: async () => absentStatus(io.name), async [Symbol.asyncDispose]() {} }
  const { statusSource } = await import('../status/gather.ts')
  return statusSource(record)
}
