/** Answers: JSON or YAML, common headers, warnings, compression, Status errors. */
import { gzipSync } from 'node:zlib'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError } from '../../errors.ts'
import { negotiate } from './accept.ts'
import type { Exchange } from './exchange.ts'
import { toYaml } from './yaml.ts'

// apiserver compresses lists above this size, at the fastest level.
const COMPRESS_ABOVE_BYTES = 128 * 1024
const MAX_WARNING_LENGTH = 256
const BROWSERS = /^(curl|Wget|Mozilla)/

/** Sends a value in the format that the client accepts. */
export function sendObject(exchange: Exchange, code: number, value: unknown): void {
  const { format } = negotiate(exchange.request.headers.accept)
  if (format === 'yaml') send(exchange, code, 'application/yaml', toYaml(value))
  else sendJson(exchange, code, value)
}

/** Sends JSON whatever the client accepts. */
export function sendJson(exchange: Exchange, code: number, value: unknown, type = 'application/json'): void {
  const indent = isPretty(exchange) ? 2 : undefined
  send(exchange, code, type, `${JSON.stringify(value, undefined, indent)}${indent ? '\n' : ''}`)
}

export function sendText(exchange: Exchange, code: number, text: string): void {
  send(exchange, code, 'text/plain; charset=utf-8', text)
}

/** Sends the Status of an error; anything that is no ApiError is a 500. */
export function sendError(exchange: Exchange, thrown: unknown): void {
  const error = thrown instanceof ApiError ? thrown : internal(thrown)
  if (!(thrown instanceof ApiError)) {
    exchange.context.log.error(`${exchange.request.method} ${exchange.url.pathname}: ${stackOf(thrown)}`)
  }
  const { response } = exchange
  if (response.headersSent) {
    response.destroy()
    return
  }
  const retry = error.details?.retryAfterSeconds
  if (retry !== undefined) response.setHeader('Retry-After', String(retry))
  sendJson(exchange, error.code, error.toStatus())
}

/** Warning headers, which must be set before the head is written. */
export function setWarnings({ response, warnings }: Exchange): void {
  if (warnings.size === 0) return
  const texts = [...warnings].map((text) => text.slice(0, MAX_WARNING_LENGTH).replaceAll(/["\\]/g, '\\$&'))
  response.setHeader(
    'Warning',
    texts.map((text) => `299 - "${text.replaceAll(/[^\x20-\x7e]/g, '?')}"`),
  )
}

function send(exchange: Exchange, code: number, type: string, text: string): void {
  const { request, response } = exchange
  setWarnings(exchange)
  response.setHeader('Content-Type', type)
  let body = Buffer.from(text)
  const compress = request.method === 'GET' && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (compress && body.length > COMPRESS_ABOVE_BYTES) {
    body = gzipSync(body, { level: 1 })
    response.setHeader('Content-Encoding', 'gzip')
    response.appendHeader('Vary', 'Accept-Encoding')
  }
  response.setHeader('Content-Length', body.length)
  response.writeHead(code)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function isPretty({ query, request }: Exchange): boolean {
  const asked = query.get('pretty')
  if (asked !== null) return asked !== 'false' && asked !== '0'
  return BROWSERS.test(request.headers['user-agent'] ?? '')
}

function internal(thrown: unknown): ApiError {
  const why = messageOf(thrown)
  return new ApiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] })
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
