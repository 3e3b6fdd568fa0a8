/** The load against a real RabbitMQ that loses messages, restarts and blocks: what it counts must be what happened. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChannelModel, connect } from 'amqplib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectBroker } from '../../../workloads/shared/broker.ts'
import { createLog } from '../../../workloads/shared/log.ts'
import { createConsumer } from '../../../workloads/worker/consumer.ts'
import { TASKS } from '../../../workloads/worker/tasks.ts'
import { type BareBroker, bareBroker, ensureBroker } from '../../cluster/embedded/broker/index.ts'
import { messageOf } from '../../lib/errors.ts'
import { cacheDir } from '../../lib/paths.ts'
import { arrivalsOf } from '../arrivals.ts'
import { chooseQueues } from '../queues.ts'
import { type LoadOutcome, type LoadView, runLoad } from '../run.ts'
import type { Stage } from '../stage.ts'
import { type AmqpTargetOptions, amqpTarget } from './target.ts'

let unavailable: string | undefined
const install = await ensureBroker(cacheDir()).catch((thrown) => {
  unavailable = messageOf(thrown)
  return undefined
})
const [QUEUE] = chooseQueues('question')
const NAME = QUEUE!.name
const BODY = Buffer.from('{"vacancy_text":"v","resume_text":"r"}')

let folder: string
let broker: BareBroker

beforeAll(async () => {
  if (!install) return
  folder = await mkdtemp(join(tmpdir(), 'devenv-load-'))
  broker = bareBroker(install, join(folder, 'broker'))
  await broker.start()
}, 120_000)
afterAll(async () => {
  await broker?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** A connection for the test's own interventions. */
async function open(): Promise<ChannelModel> {
  const { host: hostname, port, username, password } = broker.access()
  const model = await connect({ hostname, port, username, password })
  model.on('error', () => undefined)
  onTestFinished(() => model.close().catch(() => undefined))
  return model
}

/** The stack's own worker, which replies, waits for the confirm, and only then acknowledges. */
async function startWorker(access = broker.access()): Promise<void> {
  const { host, port, username, password } = access
  const log = createLog({ LOG_LEVEL: 'error' })
  const task = TASKS[NAME]!
  const consumer = createConsumer({ queue: NAME, task, ask: async () => ({}), log, taskMs: undefined })
  const env = {
    RABBITMQ_DEFAULT_HOST: host,
    RABBITMQ_PORT: String(port),
    RABBITMQ_DEFAULT_USER: username,
    RABBITMQ_DEFAULT_PASS: password,
  }
  const connection = await connectBroker({
    env,
    log,
    name: 'worker',
    onOpen: (channel) => consumer.open(channel),
  })
  onTestFinished(() => connection.close())
}

interface Running {
  outcome: Promise<LoadOutcome>
  /** Resolves with the first view for which it holds; the views come once a second. */
  until(condition: (view: LoadView) => boolean): Promise<void>
  notes: string[]
}

function startLoad(
  messages: number,
  stage: Stage = { burst: messages },
  access: AmqpTargetOptions['access'] = broker.access(),
): Running {
  let last: LoadView | undefined
  const notes: string[] = []
  const waiting = new Set<() => void>()
  const outcome = runLoad(
    {
      queues: [
        {
          queue: QUEUE!,
          messages,
          arrivals: arrivalsOf({ name: 'test', stages: [stage] }, 'even', Math.random),
          floor: 0,
        },
      ],
      wait: true,
      timeoutMs: 100_000,
      silenceMs: 1_500,
      about: { profile: 'test', generator: { loop: 'open', arrivals: 'even' }, via: 'amqp' },
    },
    {
      openTarget: amqpTarget({ access, queues: [NAME], payloads: [[BODY]] }),
      followReplicas: async () => undefined,
      onTick: (view) => {
        last = view
        notes.push(view.note)
        for (const look of waiting) look()
      },
      signal: new AbortController().signal,
    },
  )
  outcome.catch(() => undefined)
  const until = (condition: (view: LoadView) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!last || !condition(last)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { outcome, until, notes }
}

const ledgerOf = (view: LoadView) => view.queues[0]!.account.ledger

describe('the load on a real broker', { timeout: 120_000 }, () => {
  it('finds what a purge took away', async (context) => {
    if (!install) context.skip(unavailable)
    const load = startLoad(20)
    await load.until((view) => ledgerOf(view).confirmed === 20)
    const channel = await (await open()).createChannel()
    for (let taken = 0; taken < 5; taken++) {
      const message = await channel.get(NAME)
      if (!message) throw new Error('the queue is empty')
      const { replyTo, correlationId } = message.properties
      channel.sendToQueue(replyTo, Buffer.from('{"status":"success","data":{}}'), { correlationId })
      channel.ack(message)
    }
    expect((await channel.purgeQueue(NAME)).messageCount).toBe(15)
    const { report, failure } = await load.outcome
    expect(failure).toBeUndefined()
    expect(report.queues[NAME]).toMatchObject({
      published: 20,
      confirmed: 20,
      replied: 5,
      lost: 15,
      duplicates: 0,
    })
  })

  it('finds what a worker acknowledged before it was done, and died over', async (context) => {
    if (!install) context.skip(unavailable)
    const load = startLoad(30)
    await load.until((view) => ledgerOf(view).confirmed === 30)
    const hasty = await open()
    const channel = await hasty.createChannel()
    for (let taken = 0; taken < 3; taken++) {
      const message = await channel.get(NAME)
      if (message) channel.ack(message)
    }
    // The channel first, or the library may send the acknowledgements after the connection's own close.
    await channel.close()
    await hasty.close()
    await startWorker()
    const { report } = await load.outcome
    expect(report.queues[NAME]).toMatchObject({ published: 30, replied: 27, lost: 3, duplicates: 0 })
  })

  it('counts what comes back because its queue is gone', async (context) => {
    if (!install) context.skip(unavailable)
    const load = startLoad(40, { durationMs: 2_000, fromRate: 20, toRate: 20 })
    await load.until((view) => ledgerOf(view).confirmed > 0)
    await (await (await open()).createChannel()).deleteQueue(NAME)
    const { report, failure } = await load.outcome
    expect(failure).toBeUndefined()
    const { returned, ...queue } = report.queues[NAME]!
    expect(queue).toMatchObject({ published: 40, confirmed: 40, replied: 0, lost: 40 })
    expect(returned).toBeGreaterThan(0)
    expect(returned).toBeLessThan(40)
  })

  it('does not mistake a task that is done twice for one that is lost', async (context) => {
    if (!install) context.skip(unavailable)
    const load = startLoad(10)
    await load.until((view) => ledgerOf(view).confirmed === 10)
    // It answers and dies before it acknowledges: the broker gives its task to another.
    const dying = await open()
    const channel = await dying.createChannel()
    const message = await channel.get(NAME)
    if (!message) throw new Error('the queue is empty')
    const { replyTo, correlationId } = message.properties
    channel.sendToQueue(replyTo, Buffer.from('{"status":"success","data":{}}'), { correlationId })
    await load.until((view) => ledgerOf(view).replied === 1)
    await dying.close()
    await startWorker()
    const { report } = await load.outcome
    expect(report.queues[NAME]).toMatchObject({ replied: 10, lost: 0 })
  })

  // A RabbitMQ before 3.11 may, on a busy machine, forget where a durable queue is as it starts again, and drop the
  // answers of that moment (rabbitmq-server#4563): the load rightly calls them lost.
  it('keeps its count when the broker crashes amid the work and comes back', {
    retry: 2,
  }, async (context) => {
    if (!install) context.skip(unavailable)
    await startWorker()
    const load = startLoad(2_500, { durationMs: 5_000, fromRate: 500, toRate: 500 })
    await load.until((view) => ledgerOf(view).replied > 0)
    // Frozen first, so that there are messages of which nobody knows whether the broker has them.
    broker.freeze()
    await load.until((view) => ledgerOf(view).published > ledgerOf(view).confirmed)
    await broker.kill()
    await load.until((view) => /connection to the broker lost/.test(view.note))
    await broker.start()
    const { report, failure } = await load.outcome
    expect(failure).toBeUndefined()
    expect(report.reconnects).toBe(1)
    const { republished, republishDuplicates, ...queue } = report.queues[NAME]!
    expect(queue).toMatchObject({ published: 2_500, replied: 2_500, lost: 0, errors: 0, returned: 0 })
    expect(republished).toBeGreaterThan(0)
    expect(republishDuplicates).toBeLessThanOrEqual(republished)
  })

  it('waits while the broker takes no messages, and goes on when it does', async (context) => {
    if (!install) context.skip(unavailable)
    await startWorker()
    await broker.ctl('set_vm_memory_high_watermark', '0')
    const load = startLoad(300)
    await load.until((view) => /takes no messages/.test(view.note))
    await broker.ctl('set_vm_memory_high_watermark', '0.4')
    const { report, failure } = await load.outcome
    expect(failure).toBeUndefined()
    expect(report.queues[NAME]).toMatchObject({ published: 300, replied: 300, lost: 0, republished: 0 })
    expect(report.blocked.times).toBe(1)
    expect(report.blocked.totalMs).toBeGreaterThan(0)
  })

  it('logs in again with a password that was rotated', async (context) => {
    if (!install) context.skip(unavailable)
    const password = `rotated-${process.pid}`
    let renewals = 0
    const access = {
      ...broker.access(),
      async renew() {
        renewals++
        this.password = password
      },
    }
    const load = startLoad(5, { burst: 5 }, access)
    await load.until((view) => ledgerOf(view).confirmed === 5)
    await broker.ctl('change_password', 'guest', password)
    await broker.ctl('close_all_connections', 'rotated')
    // Its answers reach the load only when that has logged in again.
    await startWorker({ ...broker.access(), password })
    const { report, failure } = await load.outcome
    expect(failure).toBeUndefined()
    expect(report.queues[NAME]).toMatchObject({ published: 5, replied: 5, lost: 0 })
    expect(renewals).toBeGreaterThan(0)
  })
})
