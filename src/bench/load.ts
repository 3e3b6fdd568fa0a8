/** `bench load`: one sender against a bare amqplib loop on the same broker, and its memory over many messages. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type BareBroker, bareBroker, ensureBroker } from '../cluster/embedded/broker/index.ts'
import { cacheDir } from '../lib/paths.ts'
import type { LoadView } from '../load/run.ts'
import { type Bench, benchOf } from './bench.ts'
import { bareLoop, loadLoop, type Sending, sendWithLoad } from './load-sender.ts'
import { type MemoryReport, type MemorySample, memoryReport, tenthOf } from './memory.ts'
import { perfTest, requirePerfTest } from './perf-test.ts'

export interface BenchLoadOptions {
  runs: number
  /** Of the memory run; 0 leaves it out. */
  messages: number
  /** Path of RabbitMQ's PerfTest. */
  perfTest?: string
  progress: (what: string) => void
}

export interface BenchLoad extends Bench {
  memory?: MemoryReport
  /** Messages per second of PerfTest's producer, the median. */
  perfTest?: number
}

const RUN_MESSAGES = 50_000
const BYTES = 1_024
/** The queue of the throughput runs keeps so few: the broker's disk is not what is measured. */
const QUEUE = 'bench.throughput'
const KEEP = 1_000
const ECHO_QUEUE = 'bench.echo'
const MB = 2 ** 20

/** On a broker of its own with default settings, removed afterwards. */
export async function benchLoad(options: BenchLoadOptions): Promise<BenchLoad> {
  if (options.perfTest !== undefined) requirePerfTest(options.perfTest)
  const install = await ensureBroker(cacheDir(), { onProgress: options.progress })
  const folder = await mkdtemp(join(tmpdir(), 'dvb-'))
  const broker = bareBroker(install, join(folder, 'broker'))
  try {
    options.progress(`starting RabbitMQ ${install.version}`)
    await broker.start()
    await declare(broker)
    return await measure(broker, options)
  } finally {
    await broker.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(broker: BareBroker, options: BenchLoadOptions): Promise<BenchLoad> {
  const { runs, progress, messages, perfTest: jar } = options
  const access = broker.access()
  const sending: Sending = { access, queue: QUEUE, messages: RUN_MESSAGES, body: Buffer.alloc(BYTES, 'x') }
  progress('warming up')
  await bareLoop(sending)
  await loadLoop(sending)
  const measured: Bench['runs'] = []
  const others: number[] = []
  for (let round = 1; round <= runs; round++) {
    const yardstick = Math.round(await bareLoop(sending))
    const ours = Math.round(await loadLoop(sending))
    measured.push({ ours, yardstick })
    progress(`run ${round}: bare amqplib loop ${yardstick}/s, devenv load ${ours}/s`)
    if (jar === undefined) continue
    const { port } = access
    others.push(await perfTest({ path: jar, port, queue: QUEUE, messages: RUN_MESSAGES, bytes: BYTES }))
    progress(`run ${round}: PerfTest ${others.at(-1)}/s`)
  }
  const bench = benchOf('load', 'messages/s', measured)
  const perf = benchOf(
    'perf-test',
    'messages/s',
    others.map((rate) => ({ ours: rate, yardstick: rate })),
  ).ours
  return {
    ...bench,
    ...(jar === undefined ? {} : { perfTest: perf }),
    ...(messages === 0
      ? {}
      : { memory: await memoryOver(messages, { ...sending, queue: ECHO_QUEUE }, bench.ours / 3, progress) }),
  }
}

/** Sends at a rate that broker and echo can follow, and watches this process. */
async function memoryOver(
  messages: number,
  sending: Sending,
  rate: number,
  progress: (what: string) => void,
): Promise<MemoryReport> {
  const worker = fork(join(import.meta.dirname, 'echo-worker.ts'), [String(sending.access.port), ECHO_QUEUE])
  try {
    await once(worker, 'message')
    const collect = garbageCollector()
    const samples: MemorySample[] = []
    let collected = -1
    const onTick = ({ queues }: LoadView) => {
      const { replied: done, outstanding } = queues[0]!.account.ledger
      const sample = { done, outstanding, rssMb: process.memoryUsage.rss() / MB }
      if (tenthOf(done, messages) === collected) {
        samples.push(sample)
        return
      }
      collected = tenthOf(done, messages)
      collect()
      const { heapUsed, external } = process.memoryUsage()
      samples.push({ ...sample, liveMb: (heapUsed + external) / MB })
      progress(
        `memory: ${done} of ${messages} answered, ${Math.round(sample.rssMb)} MB resident, ${samples.at(-1)!.liveMb!.toFixed(1)} MB live, ${outstanding} without an answer`,
      )
    }
    await sendWithLoad({ ...sending, messages }, { rate, wait: true, onTick })
    return memoryReport(samples, messages)
  } finally {
    worker.kill('SIGKILL')
  }
}

/** Node gives it to programs that were started for it; a bench cannot choose how it is started. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

async function declare(broker: BareBroker): Promise<void> {
  const { connect } = await import('amqplib')
  const { host: hostname, port, username, password } = broker.access()
  const connection = await connect({ hostname, port, username, password })
  const channel = await connection.createChannel()
  await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-max-length': KEEP } })
  await channel.assertQueue(ECHO_QUEUE, { durable: true })
  await connection.close()
}
