import { expect, test } from 'vitest'
import { correlationId, isFailedReply, parseCorrelationId } from './broker.ts'

test('a correlation id names one message of one run', () => {
  const id = { queue: 2, index: 999_999 }
  expect(parseCorrelationId('ab12', correlationId('ab12', id))).toEqual(id)
  for (const foreign of [undefined, '', 'x', 'other.2.5', 'ab12.2', 'ab12.2.x', 'ab12.2.5.1']) {
    expect(parseCorrelationId('ab12', foreign)).toBeUndefined()
  }
})

test('only status success is a success', () => {
  const failed = (text: string) => isFailedReply(Buffer.from(text))
  expect(failed('{"status":"success","data":{}}')).toBe(false)
  for (const text of ['{"status":"error","message":"x"}', '{}', 'null', 'not json', ''])
    expect(failed(text)).toBe(true)
})
