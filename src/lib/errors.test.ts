import { expect, it } from 'vitest'
import { DevenvError, toDevenvError } from './errors.ts'

it('a failure is told, not that taking things away after it failed too', async () => {
  const full = new DevenvError('ENGINE_FULL', 'the disk is full')
  const thrown = await (async () => {
    await using things = new AsyncDisposableStack()
    for (const name of ['container', 'volume'])
      things.defer(async () => {
        throw new Error(`${name} stays`)
      })
    throw full
  })().catch((error) => error)
  expect(thrown).toBeInstanceOf(SuppressedError)
  expect(toDevenvError(thrown)).toBe(full)
  expect(toDevenvError(new Error('oops'))).toMatchObject({ code: 'BUG', message: 'oops' })
})
