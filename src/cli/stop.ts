/** `devenv stop`: free the memory, keep the environment. */
import type { Command } from 'commander'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import { requireRecord, writeRecord } from '../lib/record.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
Kept: Kubernetes objects, durable queues with their persistent messages, rows, Vault, addresses.
Not kept: messages that are not persistent, what pods hold in memory.

Examples:
  npm run stop
  npm run start      everything goes on at the same addresses`

export function register(program: Command, io: Io): void {
  program
    .command('stop')
    .description('end all processes of the environment and keep its state')
    .addHelpText('after', EXAMPLES)
    .action(() => stop(io))
}

async function stop(io: Io): Promise<void> {
  const began = Date.now()
  const folder = stateDir(io.name, io.env)
  await requireRecord(io.name, io.env)
  const { stopAny } = await import('../cluster/stop.ts')
  const { endPage } = await import('../dashboard/resident.ts')
  await using _lock = await lockFolder(folder, `environment ${io.name}`)
  const record = await requireRecord(io.name, io.env)
  progress(io, `devenv stop: environment ${io.name}`)
  await endPage(folder)
  const wasRunning = await stopAny(record, io.env, (what) => progress(io, `  waiting for ${what}`))
  await writeRecord({ ...record, phase: 'Stopped' }, io.env)
  const durationMs = Date.now() - began
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Stop', name: io.name, wasRunning, durationMs }, () =>
    wasRunning
      ? `${io.name} is stopped (${(durationMs / 1000).toFixed(1)} s); npm run start goes on, npm run down removes it`
      : `${io.name} was not running; npm run start starts it`,
  )
}
