/** How an engine builds: with BuildKit, or step by step as it always did. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Engine } from './engine.ts'

export type Builder = 'buildkit' | 'classic'

/** Asks the engine's ping, whose headers tell clients which builder to take. */
export function findBuilder(engine: Engine): Promise<Builder> {
  return new Promise((resolve, reject) => {
    const ping = { path: '/_ping', method: 'GET', isStream: true, statusCodes: { 200: true } }
    engine.modem.dial(ping, (thrown: unknown, answer: unknown) => {
      if (thrown) return reject(thrown)
      const { headers } = (answer as IncomingMessage).resume()
      resolve(builderOf(headers))
    })
  })
}

/**
 * Every Docker that k3d works with has BuildKit, also where its own command does not take it unasked; it says 1 where
 * its settings turn it off. Podman takes the same calls, knows no session, and builds with Buildah.
 */
export function builderOf(headers: IncomingHttpHeaders): Builder {
  if (headers['libpod-api-version'] !== undefined) return 'classic'
  return headers['builder-version'] === '1' ? 'classic' : 'buildkit'
}

const VERTEX = /^\[sha256:[0-9a-f]*\] /
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * What BuildKit says, for people: steps without their digest. The client hands on what commands print as it gets it,
 * in base64, which no other line is: those have a space.
 */
export function buildKitLines(line: string): string[] {
  const text = BASE64.test(line) ? Buffer.from(line, 'base64').toString() : line.replace(VERTEX, '')
  return text
    .split(/[\r\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
