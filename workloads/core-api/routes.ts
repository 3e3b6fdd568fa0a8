/** What core-api serves. */
import type { Env } from '../shared/env.ts'
import type { Routes } from '../shared/http-server.ts'
import { HttpError, sendJson } from '../shared/http-server.ts'
import type { Dependencies } from './generate.ts'
import { generate } from './generate.ts'
import { TASK_KINDS } from './tasks.ts'

/**
 * Health, readiness, version and one route for each kind of task. FAIL_HEALTH=1 makes it a bad release.
 *
 * `/health` is what the chart's probes ask. It fails until broker and database have been connected once, so that a
 * new pod gets no request that it cannot answer; from then on it says only that this process serves. A database that
 * blips must not take every pod out of the Service, nor have it restarted: that is told by `/ready` and by the answers.
 */
export function routesOf(env: Env, deps: Dependencies): Routes {
  const connections = () => ({ broker: deps.rpc.ready(), database: deps.results.ready() })
  const routes: Routes = {
    'GET /health': (_request, response) => {
      if (env.FAIL_HEALTH === '1') throw new HttpError(503, 'fault_injected', 'FAIL_HEALTH is set')
      if (deps.warm.connectedOnce()) sendJson(response, 200, { status: 'ok' })
      else sendJson(response, 503, { status: 'starting', ...connections() })
    },
    'GET /ready': (_request, response) => {
      const parts = connections()
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
