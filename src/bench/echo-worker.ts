/** Answers every message of a queue at once: the other side of `bench load`'s memory run, in a process of its own. */
import { connect } from 'amqplib'

const [port, queue] = process.argv.slice(2)
const REPLY = Buffer.from('{"status":"success","data":{}}')
const PREFETCH = 1_000

// The user of a bare broker with default settings, which can log in from loopback only.
const connection = await connect(`amqp://127.0.0.1:${port}`)
const channel = await connection.createChannel()
await channel.prefetch(PREFETCH)
await channel.consume(queue!, (message) => {
  if (!message) return
  const { replyTo, correlationId } = message.properties
  const headers = { 'x-service-ms': 0 }
  channel.sendToQueue(replyTo, REPLY, { correlationId, contentType: 'application/json', headers })
  channel.ack(message)
})
process.send?.('ready')
// Ends with the bench, however that ends.
process.on('disconnect', () => process.exit())
