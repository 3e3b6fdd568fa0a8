/** `bench up`: the whole environment against a bare RabbitMQ's way to its management API. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareBroker, ensureBroker } from '../cluster/embedded/broker/index.ts'
import { run } from '../lib/exec.ts'
import { cacheDir } from '../lib/paths.ts'
import { type Bench, benchOf } from './bench.ts'

export interface BenchUpOptions {
  checkout: string
  runs: number
  progress: (what: string) => void
}

/** Alternates bare broker and `devenv up` (in an environment of its own, removed afterwards), `runs` times. */
export async function benchUp({ checkout, runs, progress }: BenchUpOptions): Promise<Bench> {
  const install = await ensureBroker(cacheDir(), { onProgress: progress })
  const measured: Bench['runs'] = []
  for (let round = 1; round <= runs; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'dvb-'))
    try {
      const yardstick = await bareBrokerMs(install, join(folder, 'broker'))
      progress(`run ${round}: bare RabbitMQ to its management API: ${seconds(yardstick)}`)
      const ours = await upMs(checkout, folder)
      progress(`run ${round}: devenv up, everything Ready: ${seconds(ours)}`)
      measured.push({ ours, yardstick })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return benchOf('up', 'ms', measured)
}

async function bareBrokerMs(
  install: Awaited<ReturnType<typeof ensureBroker>>,
  folder: string,
): Promise<number> {
  const broker = bareBroker(install, folder)
  try {
    return Math.round(await broker.start())
  } finally {
    await broker.stop()
  }
}

/** From the start of the command to its end, which is when everything is Ready. */
async function upMs(checkout: string, stateHome: string): Promise<number> {
  // A name that nobody has: `down` ends whatever carries it.
  const env = { XDG_STATE_HOME: stateHome, DEVENV_NAME: `bench-${process.pid}` }
  const entry = join(checkout, 'bin', 'devenv')
  const began = Date.now()
  try {
    await run(process.execPath, [entry, 'up', '--cluster', 'embedded', '--quiet'], { env })
    return Date.now() - began
  } finally {
    await run(process.execPath, [entry, 'down', '--quiet'], { env })
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
