import { expect, it } from 'vitest'
import { beside } from './beside.ts'

const { signal } = new AbortController()

it('starts at once, and tells those who come later what it waits for', async () => {
  const end = Promise.withResolvers<void>()
  let tell: (what: string) => void = () => undefined
  const ready = beside(signal, async ({ waiting }) => {
    tell = waiting
    waiting('first')
    await end.promise
  })
  const heard: string[] = []
  const done = ready({ waiting: (what) => heard.push(what) })
  tell('second')
  end.resolve()
  await done
  expect(heard).toEqual(['first', 'second'])
})

it('shows a failure to who waits for it, and to nobody before', async () => {
  const ready = beside(signal, () => Promise.reject(new Error('no')))
  await new Promise((resolve) => setImmediate(resolve))
  await expect(ready({ waiting: () => undefined })).rejects.toThrow('no')
})

it('tells its failure at once to who does not wait for its end', async () => {
  const end = Promise.withResolvers<void>()
  const other = new Promise(() => undefined)
  const race = Promise.race([other, beside(signal, () => end.promise).failed])
  end.reject(new Error('no room'))
  await expect(race).rejects.toThrow('no room')
})
