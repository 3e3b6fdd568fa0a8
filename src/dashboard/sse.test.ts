import { expect, it } from 'vitest'
import { frame } from './sse.ts'

it('frames an event so that no text can end it early or begin another', () => {
  const text = 'one\n\nevent: snapshot\ndata: {}\r\n'
  const framed = frame('line', text)
  expect(framed.startsWith('event: line\ndata: ')).toBe(true)
  expect(framed.endsWith('\n\n')).toBe(true)
  const data = framed.slice('event: line\ndata: '.length, -2)
  expect(data).not.toMatch(/[\r\n]/)
  expect(JSON.parse(data)).toBe(text)
})
