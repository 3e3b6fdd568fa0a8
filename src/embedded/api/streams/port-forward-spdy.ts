/** pods/portforward as kubectl speaks it: a SPDY session, inside the messages of a WebSocket or bare. */
import { pipeline } from 'node:stream/promises'
import { messageOf } from '../../../lib/errors.ts'
import { SpdySession, type SpdyStream } from './spdy/session.ts'
import type { StreamTarget } from './target.ts'
import type { Transport } from './transport.ts'

interface Pair {
  data?: SpdyStream
  error?: SpdyStream
}

/** Connects each pair of streams, `data` and `error` of one request, to its port on the pod. */
export function forwardSpdy(transport: Transport, target: StreamTarget): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const pairs = new Map<string, Pair>()
  const session = new SpdySession({
    send: (bytes) => transport.send(bytes),
    onClose: () => transport.close(),
    onStream(stream) {
      const type = stream.headers.get('streamtype')
      const request = stream.headers.get('requestid') ?? ''
      if (type !== 'data' && type !== 'error') {
        stream.destroy()
        return
      }
      const pair = pairs.get(request) ?? {}
      pair[type] = stream
      pairs.set(request, pair)
      if (!pair.data || !pair.error) return
      pairs.delete(request)
      void forward(pair.data, pair.error, target)
    },
  })
  transport.onBytes((bytes) => session.receive(bytes))
  transport.onClose(() => {
    session.close()
    resolve()
  })
  return promise
}

async function forward(data: SpdyStream, error: SpdyStream, target: StreamTarget): Promise<void> {
  const { agent, namespace, pod } = target
  const port = Number(data.headers.get('port'))
  error.resume()
  try {
    const connection = await agent.connect(namespace, pod.metadata.name, port)
    data.on('close', () => connection.destroy())
    await Promise.all([pipeline(data, connection), pipeline(connection, data)])
  } catch (thrown) {
    // A client that hangs up is no failure of the forwarding.
    if (!data.destroyed) {
      error.write(
        `error forwarding port ${port} to pod ${pod.metadata.name}, uid ${pod.metadata.uid}: ${messageOf(thrown)}`,
      )
    }
  } finally {
    data.end()
    error.end()
  }
}
