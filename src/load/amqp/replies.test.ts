import { expect, test } from 'vitest'
import { correlationId, isFailedReply, parseCorrelationId, serviceMsOf } from './replies.ts'

test('a correlation id names one message of one run', () => {
  expect(parseCorrelationId('ab12', correlationId('ab12', 2, 999_999))).toEqual({ queue: 2, index: 999_999 })
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

test('a worker may say how long it took', () => {
  expect(serviceMsOf({ 'x-service-ms': 12.5 })).toBe(12.5)
  expect(serviceMsOf({ 'x-service-ms': '7' })).toBe(7)
  for (const value of [undefined, '', 'long', -1, Number.NaN, {}])
    expect(serviceMsOf({ 'x-service-ms': value })).toBeUndefined()
  expect(serviceMsOf(undefined)).toBeUndefined()
})
