/** The web provider: asks a URL and judges what comes back. */
import { rfc3339 } from '../../../../../lib/clock.ts'
import { HttpClient, type Lookup } from '../../../../../lib/http-client.ts'
import { findValues } from '../../../../schema/tables/json-path.ts'
import { evaluateCondition } from '../expression/evaluate.ts'
import type { AnalysisPhase, Measurement, Metric } from '../run/types.ts'
import type { MetricProvider } from './provider.ts'

const TIMEOUT_SECONDS = 10

/** `lookup` finds Services of the cluster by name. */
export function webProvider(lookup: Lookup | undefined): MetricProvider {
  return {
    run: (_run, metric, now) => measure(metric, now, lookup),
    resume: (_run, _metric, measurement) => measurement,
    terminate: (_run, _metric, measurement) => measurement,
  }
}

async function measure(metric: Metric, now: number, lookup: Lookup | undefined): Promise<Measurement> {
  const { web } = metric.provider
  const { method = 'GET', url, body, jsonBody, timeoutSeconds, insecure } = web
  if (body && jsonBody)
    throw new Error('use either Body or JSONBody; both cannot exists for WebMetric payload')
  if ((body || jsonBody) && method === 'GET') {
    throw new Error('Body/JSONBody can only be used with POST or PUT WebMetric Method types')
  }
  const headers: Record<string, string> = jsonBody ? { 'Content-Type': 'application/json' } : {}
  for (const { key, value } of web.headers ?? []) headers[key] = value
  const payload: string | undefined = jsonBody ? JSON.stringify(jsonBody) : body
  using client = new HttpClient({
    ...(lookup ? { lookup } : {}),
    ...(insecure ? { tls: { rejectUnauthorized: false } } : {}),
  })
  const response = await client.request(url, {
    method,
    headers,
    timeoutMs: (timeoutSeconds > 0 ? timeoutSeconds : TIMEOUT_SECONDS) * 1000,
    ...(payload === undefined ? {} : { body: payload }),
  })
  if (response.status < 200 || response.status >= 300) {
    throw new Error(`received non 2xx response code: ${response.status}`)
  }
  return { startedAt: rfc3339(now), ...judge(metric, response.body) }
}

/** A body that is no JSON is a success whatever the conditions say, as upstream has it. */
function judge(metric: Metric, body: string): { phase: AnalysisPhase; value: string } {
  let data: unknown
  try {
    data = JSON.parse(body)
  } catch {
    return { phase: 'Successful', value: body }
  }
  const path: string = metric.provider.web.jsonPath || '{$}'
  const [value] = findValues(path.replace(/^\{/, '').replace(/\}$/, '').replace(/^\$/, ''), data)
  if (value === undefined) throw new Error('Could not find JSONPath in body')
  return { phase: judgeResult(metric, value), value: JSON.stringify(value) }
}

/** The phase that the metric's conditions give a result. */
export function judgeResult(metric: Metric, result: unknown): AnalysisPhase {
  const { successCondition, failureCondition } = metric
  const success = successCondition ? evaluateCondition(successCondition, result) : undefined
  const failure = failureCondition ? evaluateCondition(failureCondition, result) : undefined
  if (success === undefined && failure === undefined) return 'Successful'
  // With one condition the other is its opposite; with both there is something in between.
  if (failure ?? !success) return 'Failed'
  return (success ?? !failure) ? 'Successful' : 'Inconclusive'
}
