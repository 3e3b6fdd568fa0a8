/** RabbitMQ's own PerfTest as a further yardstick, where the user has it; nothing is downloaded. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DevenvError } from '../lib/errors.ts'
import { run, which } from '../lib/exec.ts'

export interface PerfTestOptions {
  /** Its jar with everything in it, or a folder with its jar and those it needs. */
  path: string
  port: number
  queue: string
  messages: number
  bytes: number
}

/** USAGE when there is no Java or no such file; asked before anything is measured. */
export function requirePerfTest(path: string): void {
  if (!which('java')) throw new DevenvError('USAGE', '--perf-test needs java on PATH')
  if (!statSync(path, { throwIfNoEntry: false }))
    throw new DevenvError('USAGE', `--perf-test: there is no ${path}`, {
      fix: 'Name the jar of RabbitMQ PerfTest, or a folder with com.rabbitmq:perf-test and its dependencies.',
    })
}

/** Messages per second of one producer with the same window, size and flags as ours. */
export async function perfTest({ path, port, queue, messages, bytes }: PerfTestOptions): Promise<number> {
  const classes = statSync(path).isDirectory() ? join(path, '*') : path
  const { stdout } = await run('java', [
    ...['-cp', classes, 'com.rabbitmq.perf.PerfTest', '--uri', `amqp://127.0.0.1:${port}`],
    ...['--producers', '1', '--consumers', '0', '--confirm', '2000', '--pmessages', String(messages)],
    ...['--size', String(bytes), '--flag', 'persistent', '--flag', 'mandatory'],
    ...['--queue', queue, '--predeclared', '--routing-key', queue],
  ])
  return sendingRate(stdout)
}

/** The average from the closing line: `id: …, sending rate avg: 12345 msg/s`. */
export function sendingRate(output: string): number {
  const rate = Number(/sending rate avg: (\d+) msg\/s/.exec(output)?.[1])
  if (rate > 0) return rate
  throw new DevenvError('CHILD_FAILED', `PerfTest printed no average sending rate:\n${output.slice(-500)}`)
}
