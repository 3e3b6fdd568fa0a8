/** The two senders that `bench load` compares: `devenv load` itself, and the shortest loop that amqplib allows. */
import { once } from 'node:events'
import type { BrokerLogin } from '../load/amqp/connect.ts'
import { amqpTarget } from '../load/amqp/target.ts'
import { arrivalsOf } from '../load/arrivals.ts'
import type { LoadReport } from '../load/report.ts'
import { type LoadView, runLoad } from '../load/run.ts'

export interface Sending {
  access: BrokerLogin & { management: string }
  queue: string
  messages: number
  body: Buffer
}

/** Both keep so many messages under way without a confirm. */
const WINDOW = 2_000
const HOUR_MS = 3_600_000

/** Messages per second, from the first publish to the last confirm, of a confirm channel and nothing else. */
export async function bareLoop({ access, queue, messages, body }: Sending): Promise<number> {
  const { connect } = await import('amqplib')
  const { host: hostname, port, username, password } = access
  const connection = await connect({ hostname, port, username, password }, { noDelay: true })
  try {
    const channel = await connection.createConfirmChannel()
    let unconfirmed = 0
    let wake: (() => void) | undefined
    const confirmed = () => {
      unconfirmed--
      wake?.()
    }
    const began = performance.now()
    for (let index = 0; index < messages; index++) {
      // The same message as the load's, so that the broker has the same work.
      const properties = { persistent: true, mandatory: true, correlationId: `0123456789ab.0.${index}` }
      const replyTo = { replyTo: 'devenv.load.0123456789ab', contentType: 'application/json' }
      unconfirmed++
      if (!channel.publish('', queue, body, { ...properties, ...replyTo }, confirmed))
        await once(channel, 'drain')
      while (unconfirmed >= WINDOW) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    await channel.waitForConfirms()
    return (1000 * messages) / (performance.now() - began)
  } finally {
    await connection.close()
  }
}

/** The same with the whole of `devenv load`: its schedule, ledger and sampling. */
export async function loadLoop(sending: Sending): Promise<number> {
  const { durationMs } = await sendWithLoad(sending, {})
  return (1000 * sending.messages) / durationMs
}

/** A run of the load at `rate` (default: as fast as it goes), with `wait` until all answers are in. */
export async function sendWithLoad(
  { access, queue, messages, body }: Sending,
  {
    rate,
    wait = false,
    onTick = () => undefined,
  }: { rate?: number; wait?: boolean; onTick?: (view: LoadView) => void },
): Promise<LoadReport> {
  const stage =
    rate === undefined
      ? { burst: messages }
      : { durationMs: (1000 * messages) / rate, fromRate: rate, toRate: rate }
  const profile = { name: 'bench', stages: [stage] }
  const { report, failure } = await runLoad(
    {
      queues: [
        {
          queue: { alias: 'question', name: queue },
          messages,
          arrivals: arrivalsOf(profile, 'even', Math.random),
          floor: 0,
        },
      ],
      wait,
      timeoutMs: HOUR_MS,
      silenceMs: 10_000,
      about: { profile: 'bench', generator: { loop: 'open', arrivals: 'even' }, via: 'amqp' },
    },
    {
      openTarget: amqpTarget({ access, queues: [queue], payloads: [[body]] }),
      followReplicas: async () => undefined,
      onTick,
      signal: new AbortController().signal,
    },
  )
  if (failure) throw failure
  return report
}
