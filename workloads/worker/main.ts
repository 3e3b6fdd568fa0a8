/** A queue worker: one program for the three queues, QUEUE says which. */
import { connectBroker } from '../shared/broker.ts'
import { numberFrom } from '../shared/env.ts'
import { createLog } from '../shared/log.ts'
import { onShutdown } from '../shared/shutdown.ts'
import { createConsumer } from './consumer.ts'
import { createModel } from './model.ts'
import { TASKS } from './tasks.ts'

const env = process.env
const log = createLog(env)

const queue = env.QUEUE ?? process.argv[2] ?? ''
const task = TASKS[queue]
if (task === undefined) {
  log.error('QUEUE names no queue of this worker', { queue, known: Object.keys(TASKS) })
  process.exit(1)
}

const consumer = createConsumer({
  queue,
  task,
  ask: createModel(env),
  log,
  taskMs: env.TASK_MS ? numberFrom(env, 'TASK_MS', 0) : undefined,
})
const broker = connectBroker({
  env,
  log,
  name: `worker ${queue}`,
  onOpen: (channel) => consumer.open(channel),
})

onShutdown(log, async () => {
  await consumer.drain()
  await (await broker).close()
})
