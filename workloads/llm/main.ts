/** A stand-in for the model's API: answers in the asked shape, after the asked time, without a model. */
import { listenHost, numberFrom, textFrom } from '../shared/env.ts'
import { sendJson, serve } from '../shared/http-server.ts'
import { createLog } from '../shared/log.ts'
import { onShutdown } from '../shared/shutdown.ts'
import { complete, settingsFrom } from './completions.ts'

const env = process.env
const log = createLog(env)
const settings = settingsFrom(env)
const model = textFrom(env, 'OPENAI_MODEL_NAME', 'gpt-4o-mini')

const server = await serve({
  routes: {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /v1/models': (_request, response) =>
      sendJson(response, 200, {
        object: 'list',
        data: [{ id: model, object: 'model', created: 0, owned_by: 'devenv' }],
      }),
    'POST /v1/chat/completions': (request, response) => complete(request, response, settings),
  },
  host: listenHost(env),
  port: numberFrom(env, 'PORT', 8080),
  lingerMs: numberFrom(env, 'SHUTDOWN_LINGER_MS', 500),
  log,
})
log.info('listening', { port: server.port, latencyMs: settings.latencyMs })

onShutdown(log, () => server.close())
