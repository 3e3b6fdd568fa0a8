/** The supervisor's control socket: one JSON line asked, one answered. */
import { rm } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { messageOf } from '../../lib/errors.ts'
import type { ControlAnswer, ControlRequest } from './spec.ts'

/** Where the control socket of an environment is: short, for the 107 bytes that a socket path may have. */
export function controlSocket(stateDir: string): string {
  return join(stateDir, 'ctl.sock')
}

/** Answers requests on a unix socket that only its owner can open (its folder is 0700). */
export async function serveControl(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<Server> {
  await rm(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    createInterface({ input: socket }).on('line', async (line) => {
      let reply: ControlAnswer
      try {
        reply = await answer(JSON.parse(line) as ControlRequest)
      } catch (thrown) {
        reply = { ok: false, message: messageOf(thrown) }
      }
      socket.end(`${JSON.stringify(reply)}\n`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return server
}

/** Asks the supervisor; undefined when nobody answers on the socket within `timeoutMs`. */
export function askControl(
  path: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    let text = ''
    const finish = (answer: ControlAnswer | undefined) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => finish(undefined))
    socket.on('error', () => finish(undefined))
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => finish(parse(text)))
  })
}

function parse(text: string): ControlAnswer | undefined {
  try {
    return JSON.parse(text) as ControlAnswer
  } catch {
    return undefined
  }
}
