/** What core-api serves. */
import type { Env } from '../shared/env.ts'
import type { Routes } from '../shared/http-server.ts'
import { sendJson } from '../shared/http-server.ts'
import type { Dependencies } from './generate.ts'
import { generate } from './generate.ts'
import { TASK_KINDS } from './tasks.ts'

/** Health, readiness, version and one route for each kind of task. FAIL_HEALTH=1 makes it a bad release. */
export function routesOf(env: Env, deps: Dependencies): Routes {
  const routes: Routes = {
    'GET /health': (_request, response) =>
      env.FAIL_HEALTH === '1'
        ? sendJson(response, 503, {
            status: 'error',
            error: { code: 'fault_injected', message: 'FAIL_HEALTH is set' },
          })
        : sendJson(response, 200, { status: 'ok' }),
    'GET /ready': (_request, response) => {
      const parts = { broker: deps.rpc.ready(), database: deps.results.ready() }
      const ready = parts.broker && parts.database
      sendJson(response, ready ? 200 : 503, { status: ready ? 'ok' : 'error', ...parts })
    },
    'GET /version': (_request, response) => sendJson(response, 200, { version: env.IMAGE_TAG ?? 'unknown' }),
  }
  for (const kind of TASK_KINDS) {
    routes[`POST ${kind.path}`] = async (request, response) => {
      sendJson(response, 200, await generate(kind, request, deps))
    }
  }
  return routes
}
