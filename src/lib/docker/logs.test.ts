import { expect, test } from 'vitest'
import { withoutHeaders } from './logs.ts'

function piece(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

test('the output of a container is its text in order, whatever the length of a piece', () => {
  const long = `${'ü'.repeat(40_000)}\n`
  const output = Buffer.concat([piece(1, 'one\n'), piece(2, long), piece(1, 'two\n')])
  expect(withoutHeaders(output)).toBe(`one\n${long}two\n`)
})

test('a piece that was cut off keeps what came', () => {
  expect(withoutHeaders(piece(1, 'whole').subarray(0, 10))).toBe('wh')
})

test('what a terminal showed is taken as it is', () => {
  expect(withoutHeaders(Buffer.from('time="12:00" level=info\n'))).toBe('time="12:00" level=info\n')
})
