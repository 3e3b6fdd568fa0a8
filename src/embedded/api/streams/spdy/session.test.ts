import { once } from 'node:events'
import { constants, createDeflate, createInflate } from 'node:zlib'
import { beforeEach, expect, it } from 'vitest'
import { headerDictionary } from './header-dictionary.ts'
import { SpdySession, type SpdyStream } from './session.ts'

let deflate = createDeflate()
beforeEach(() => {
  deflate = createDeflate({ dictionary: headerDictionary() })
})

/** A header block as a client compresses it: one zlib stream for all blocks. */
async function block(headers: Record<string, string>): Promise<Buffer> {
  const parts = [Buffer.alloc(4)]
  parts[0]!.writeUInt32BE(Object.keys(headers).length)
  for (const word of Object.entries(headers).flat()) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(word.length)
    parts.push(length, Buffer.from(word))
  }
  deflate.write(Buffer.concat(parts))
  await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve))
  return deflate.read() as Buffer
}

function frame(first: number, type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8)
  if (type > 0) head.writeUInt32BE((0x80030000 | type) >>> 0)
  else head.writeUInt32BE(first)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(payload.length, 5, 3)
  return Buffer.concat([head, payload])
}

async function synStream(id: number, headers: Record<string, string>): Promise<Buffer> {
  const head = Buffer.alloc(10)
  head.writeUInt32BE(id)
  return frame(0, 1, 0, Buffer.concat([head, await block(headers)]))
}

it('opens streams, answers pings and carries data both ways', async () => {
  const sent: Buffer[] = []
  const streams: SpdyStream[] = []
  const session = new SpdySession({
    send: (bytes) => sent.push(bytes),
    onStream: (stream) => streams.push(stream),
    onClose: () => undefined,
  })
  const opening = await synStream(1, { streamtype: 'error', port: '80' })
  // Frames arrive cut anyhow.
  session.receive(opening.subarray(0, 5))
  session.receive(opening.subarray(5))
  session.receive(await synStream(3, { streamtype: 'data', port: '80', 'content-type': 'text/plain' }))
  session.receive(frame(0, 6, 0, Buffer.from([0, 0, 0, 7])))
  session.receive(frame(3, 0, 0, Buffer.from('hello')))
  session.receive(frame(3, 0, 1, Buffer.alloc(0)))
  await expect.poll(() => streams.length).toBe(2)
  expect(Object.fromEntries(streams[1]!.headers)).toEqual({
    streamtype: 'data',
    port: '80',
    'content-type': 'text/plain',
  })
  expect(String((await once(streams[1]!, 'data'))[0])).toBe('hello')
  streams[1]!.end('bye')
  await once(streams[1]!, 'finish')

  const types = sent.map((bytes) => (bytes.readUInt8(0) & 0x80 ? bytes.readUInt16BE(2) : 'data'))
  expect(types).toEqual([2, 2, 6, 'data', 'data'])
  expect(sent[3]!.subarray(8).toString()).toBe('bye')
  expect(sent[4]!.readUInt8(4)).toBe(1)
  session.close()
})

it('answers header blocks that a zlib stream can read', async () => {
  const sent: Buffer[] = []
  const session = new SpdySession({
    send: (bytes) => sent.push(bytes),
    onStream: () => undefined,
    onClose: () => undefined,
  })
  session.receive(await synStream(5, {}))
  session.receive(await synStream(7, {}))
  await expect.poll(() => sent.length).toBe(2)
  const inflate = createInflate({ dictionary: headerDictionary() })
  for (const reply of sent) {
    await new Promise((resolve) => inflate.write(reply.subarray(12), resolve))
    expect(inflate.read()).toEqual(Buffer.alloc(4))
  }
  session.close()
})

it('closes on bytes that are no headers', async () => {
  let closed = false
  const session = new SpdySession({
    send: () => undefined,
    onStream: () => undefined,
    onClose: () => {
      closed = true
    },
  })
  session.receive(frame(0, 1, 0, Buffer.alloc(40, 0xff)))
  await expect.poll(() => closed).toBe(true)
})
