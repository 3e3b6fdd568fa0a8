/** The HR assistant's page: three forms, handed on to core-api. */
import { listenHost, numberFrom, textFrom } from '../shared/env.ts'
import { serve } from '../shared/http-server.ts'
import { createLog } from '../shared/log.ts'
import { onShutdown } from '../shared/shutdown.ts'
import { routesOf } from './routes.ts'

const env = process.env
const log = createLog(env)
const coreApi = `http://${textFrom(env, 'CORE_API_HOST', 'localhost')}:${numberFrom(env, 'CORE_API_PORT', 8000, 1)}`

const server = await serve({
  routes: routesOf(coreApi, numberFrom(env, 'CORE_API_TIMEOUT_MS', 65_000, 1)),
  host: listenHost(env),
  port: numberFrom(env, 'STREAMLIT_SERVER_PORT', 8501),
  lingerMs: numberFrom(env, 'SHUTDOWN_LINGER_MS', 500),
  log,
})
log.info('listening', { port: server.port, coreApi })

onShutdown(log, () => server.close())
