import { expect, test } from 'vitest'
import { sharedSaver } from './saver.ts'

test('calls during a write share the next one, and see what was there when it began', async () => {
  const written: number[] = []
  let value = 0
  const gates: (() => void)[] = []
  const save = sharedSaver(async () => {
    written.push(value)
    await new Promise<void>((resolve) => gates.push(resolve))
  })
  value = 1
  const first = save()
  await expect.poll(() => written).toEqual([1])
  value = 2
  const second = save()
  value = 3
  const third = save()
  gates.shift()?.()
  await first
  await expect.poll(() => written).toEqual([1, 3])
  gates.shift()?.()
  await Promise.all([second, third])
  expect(written).toEqual([1, 3])
})

test('a write that fails rejects for those who waited for it, and the next one runs', async () => {
  let full = true
  const save = sharedSaver(async () => {
    if (full) throw new Error('no space left')
  })
  await expect(save()).rejects.toThrow('no space left')
  full = false
  await expect(save()).resolves.toBeUndefined()
})
