/** How refusals and failures are answered: the same object as `--json` prints, and a status that fits. */
import type { ServerResponse } from 'node:http'
import { type ErrorCode, toDevenvError } from '../lib/errors.ts'
import { KubeError } from '../lib/kube/errors.ts'
import type { Refusal } from './guard.ts'

const STATUS: Partial<Record<ErrorCode, number>> = {
  USAGE: 400,
  CONFIG_INVALID: 400,
  ABSENT: 404,
  BUSY: 409,
  BUG: 500,
}

type Answer = [status: number, body: object]

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  })
  response.end(JSON.stringify(body))
}

export function refusalAnswer({ status, message }: Refusal): Answer {
  return [status, { apiVersion: 'devenv/v1', kind: 'Error', code: 'REFUSED', message }]
}

/** What the cluster refuses is not this server's failure: 502, with the API server's own words. */
export function errorAnswer(thrown: unknown, status?: number): Answer {
  const { code, message, fix } =
    thrown instanceof KubeError
      ? { code: 'STEP_FAILED' as const, message: thrown.message, fix: undefined }
      : toDevenvError(thrown)
  return [
    status ?? STATUS[code] ?? 502,
    { apiVersion: 'devenv/v1', kind: 'Error', code, message, ...(fix ? { fix } : {}) },
  ]
}
