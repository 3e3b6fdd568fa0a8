/** pods/log: text from the node, streamed as it comes. */
import { pipeline } from 'node:stream/promises'
import { ApiError, badRequest, notFound } from '../../errors.ts'
import type { LogOptions } from '../../node/agent.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { booleanOf, numberOf } from './options.ts'
import { containerOf } from './pod-container.ts'

export async function handleLog(exchange: ResourceExchange): Promise<void> {
  const { context, path, response, query } = exchange
  const name = nameOf(exchange)
  const pod = context.store.get('pods', path.namespace, name)
  if (!pod) throw notFound('', 'pods', name)
  const agent = context.agent()
  if (!agent) throw new ApiError(503, 'ServiceUnavailable', 'the node is not running')
  const options = logOptions(query, containerOf(pod, query.get('container')))
  const abort = new AbortController()
  response.on('close', () => abort.abort())
  const stream = await agent.logs(path.namespace!, name, options, abort.signal)
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  response.flushHeaders()
  try {
    await pipeline(stream, response)
  } catch (thrown) {
    // The client hung up, or the container's log went away: the head is out, so ending is all there is.
    if (!abort.signal.aborted) throw thrown
  }
}

function logOptions(query: URLSearchParams, container: string): LogOptions {
  const options: LogOptions = { container }
  for (const flag of ['follow', 'previous', 'timestamps'] as const) {
    if (booleanOf(query, flag)) options[flag] = true
  }
  for (const name of ['tailLines', 'sinceSeconds', 'limitBytes'] as const) {
    const value = numberOf(query, name)
    if (value === undefined) continue
    if (value < 0) throw badRequest(`${name} must be greater than or equal to 0`)
    options[name] = value
  }
  const sinceTime = query.get('sinceTime')
  if (sinceTime) options.sinceTime = sinceTime
  return options
}
