/** Whether an address answers as what it is: a port that the engine publishes accepts connections for nobody. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { messageOf } from '../lib/errors.ts'
import { waitFor } from '../lib/wait.ts'

const TIMEOUT_MS = 60_000
const PROBE_MS = 2_000
/** Protocol header of AMQP 0-9-1 (section 2.2.4 of its specification): the broker answers it at once. */
const AMQP_HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1')

/** Resolves when `http://…` answers a request, with whatever status, or `amqp://…` its protocol's header. */
export async function untilReachable(address: string, signal: AbortSignal): Promise<void> {
  const probe = address.startsWith('amqp:') ? amqpAnswers : httpAnswers
  await waitFor(
    address,
    async () => {
      try {
        await probe(address)
        return { done: true }
      } catch (thrown) {
        return { waiting: `it does not answer: ${messageOf(thrown)}` }
      }
    },
    { timeoutMs: TIMEOUT_MS, intervalMs: 100, signal },
  )
}

async function httpAnswers(address: string): Promise<void> {
  const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
  await response.body?.cancel()
}

async function amqpAnswers(address: string): Promise<void> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const closed = new AbortController()
  socket.once('close', () => closed.abort(new Error('the connection was closed')))
  try {
    socket.write(AMQP_HEADER)
    await once(socket, 'data', { signal: AbortSignal.any([closed.signal, AbortSignal.timeout(PROBE_MS)]) })
  } finally {
    socket.destroy()
  }
}
