/** pods/exec and attach over SPDY, as kubectl before 1.31 speaks them: one stream per purpose. */

import { booleanOf } from '../http/options.ts'
import type { Channels } from './channels.ts'
import { SpdySession, type SpdyStream } from './spdy/session.ts'
import type { Transport } from './transport.ts'

/** The streams that the query asks for, once the client has opened them all. */
export function acceptStreams(transport: Transport, query: URLSearchParams): Promise<Channels> {
  const { promise, resolve, reject } = Promise.withResolvers<Channels>()
  const gone = new AbortController()
  const streams = new Map<string, SpdyStream>()
  const wanted = ['error', ...['stdin', 'stdout', 'stderr'].filter((name) => isWanted(query, name))]
  const session = new SpdySession({
    send: (bytes) => transport.send(bytes),
    onClose: () => transport.close(),
    onStream(stream) {
      streams.set(stream.headers.get('streamtype') ?? '', stream)
      if (wanted.every((name) => streams.has(name))) resolve(channelsOf(streams, gone.signal))
    },
  })
  transport.onBytes((bytes) => session.receive(bytes))
  transport.onClose(() => {
    session.close()
    gone.abort()
    reject(new Error('the client went before it had opened its streams'))
  })
  return promise
}

function isWanted(query: URLSearchParams, name: string): boolean {
  // A terminal has one output.
  return booleanOf(query, name) && !(name === 'stderr' && booleanOf(query, 'tty'))
}

function channelsOf(streams: Map<string, SpdyStream>, signal: AbortSignal): Channels {
  const stdin = streams.get('stdin')
  const stdout = streams.get('stdout')
  const stderr = streams.get('stderr')
  return {
    ...(stdin ? { stdin } : {}),
    ...(stdout ? { stdout } : {}),
    ...(stderr ? { stderr } : {}),
    signal,
    finish(status) {
      streams.get('error')!.write(JSON.stringify(status))
      for (const stream of streams.values()) stream.end()
    },
  }
}
