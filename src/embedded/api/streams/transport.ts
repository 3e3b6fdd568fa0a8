/** What carries a SPDY session: a WebSocket's messages, or the connection itself. */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

export interface Transport {
  send(bytes: Buffer): void
  close(): void
  onBytes(handler: (bytes: Buffer) => void): void
  onClose(handler: () => void): void
}

export function overWebSocket(socket: WebSocket): Transport {
  return {
    send: (bytes) => socket.send(bytes),
    close: () => socket.close(1000),
    onBytes: (handler) => socket.on('message', (message) => handler(message as Buffer)),
    onClose: (handler) => socket.on('close', handler),
  }
}

/** `head`: what was read behind the upgrade request. */
export function overConnection(connection: Duplex, head: Buffer): Transport {
  return {
    send: (bytes) => connection.write(bytes),
    close: () => connection.end(),
    onBytes(handler) {
      if (head.length > 0) handler(head)
      connection.on('data', handler)
    },
    onClose: (handler) => connection.on('close', handler),
  }
}
