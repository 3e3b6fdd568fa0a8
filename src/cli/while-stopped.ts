/** What checkpoint and restore share: an environment that pauses while its state is copied. */
import type { Checkpoint } from '../checkpoint/folder.ts'
import { DevenvError } from '../lib/errors.ts'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import { type RunRecord, requireRecord, writeRecord } from '../lib/record.ts'
import { type Io, printResult, progress } from './io.ts'

export const ABOUT_CHECKPOINTS = `
A checkpoint holds Kubernetes objects, durable queues with their persistent messages, rows, Vault and the stack's
repository, all of one moment: the environment pauses for it, and goes on at the same addresses. Checkpoints are
removed by \`down\`. Embedded cluster only.`

/** A copy of one moment needs files that nobody writes; what ran before runs again afterwards. */
export async function whileStopped<T>(
  io: Io,
  record: RunRecord,
  folder: string,
  what: string,
  act: () => Promise<T>,
): Promise<T> {
  const { stopEnvironment } = await import('../cluster/embedded/stop.ts')
  let running = false
  let result: T
  {
    await using _lock = await lockFolder(folder, `environment ${io.name}`)
    running = await stopEnvironment(io.name, folder, (waiting) => progress(io, `  waiting for ${waiting}`))
    await writeRecord({ ...record, phase: 'Stopped' }, io.env)
    progress(io, `  ${what}`)
    result = await act()
  }
  if (!running) return result
  const { asked, checkout, cluster, profile } = await requireRecord(io.name, io.env)
  const { resume } = await import('./run-up.ts')
  await resume({ ...(asked ?? { cluster: cluster.kind, profile }), checkout, name: io.name }, io)
  return result
}

/** Throws exit code 3 on other clusters, whose state is not ours to copy. */
export async function embeddedState(io: Io): Promise<{ record: RunRecord; folder: string }> {
  const record = await requireRecord(io.name, io.env)
  if (record.cluster.kind === 'embedded') return { record, folder: stateDir(io.name, io.env) }
  throw new DevenvError(
    'PROVIDER_UNAVAILABLE',
    `checkpoints hold the state of an embedded cluster, and ${io.name} runs on ${record.cluster.kind}`,
    { fix: 'npm run up -- --cluster embedded --name NAME makes one that can have checkpoints.' },
  )
}

export function printCheckpoint(
  io: Io,
  kind: string,
  checkpoint: Checkpoint,
  durationMs: number,
  done: string,
): void {
  printResult(
    io,
    { apiVersion: 'devenv/v1', kind, name: io.name, checkpoint, durationMs },
    () =>
      `checkpoint ${checkpoint.name} (${megabytes(checkpoint)}) ${done} (${(durationMs / 1000).toFixed(1)} s)`,
  )
}

export function megabytes({ bytes }: Checkpoint): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}
