/** core-api: takes requests over HTTP, has them done by the workers, keeps the results. */
import { listenHost, numberFrom } from '../shared/env.ts'
import { serve } from '../shared/http-server.ts'
import { createLog } from '../shared/log.ts'
import { onShutdown } from '../shared/shutdown.ts'
import type { Results } from './results.ts'
import { routesOf } from './routes.ts'
import { createRpc } from './rpc.ts'
import { TASK_KINDS } from './tasks.ts'
import { warmUp } from './warm-up.ts'

const env = process.env
const log = createLog(env)
const rpc = createRpc(TASK_KINDS.map((kind) => kind.queue))

let results: Results | undefined
const warm = warmUp(() => rpc.ready() && (results?.ready() ?? false), numberFrom(env, 'WARM_UP_MS', 10_000))
const server = await serve({
  routes: routesOf(env, {
    rpc,
    // Until the database's driver is loaded, which is after this listens.
    results: {
      ready: () => results?.ready() ?? false,
      save: (result) => (results ? results.save(result) : Promise.reject(new Error('not open yet'))),
    },
    log,
    warm,
    timeoutMs: numberFrom(env, 'RPC_TIMEOUT_MS', 60_000, 1),
    now: () => performance.now(),
  }),
  host: listenHost(env),
  port: numberFrom(env, 'CORE_API_PORT', 8000),
  lingerMs: numberFrom(env, 'SHUTDOWN_LINGER_MS', 500),
  log,
})
log.info('listening', { port: server.port, sinceStartMs: Math.round(performance.now()) })

const broker = import('../shared/broker.ts').then(({ connectBroker }) =>
  connectBroker({
    env,
    log,
    name: 'core-api',
    onOpen: (channel) => rpc.open(channel),
    onLost: () => rpc.lost(),
  }),
)
const opening = import('./results.ts').then(async ({ openResults }) => {
  results = await openResults(env, log)
  return results
})

onShutdown(log, async () => {
  await server.close()
  await (await broker).close()
  await (await opening).close()
})
