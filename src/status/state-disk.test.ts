import { expect, test } from 'vitest'
import { stateDiskProblem } from './state-disk.ts'

test('a disk with room is no problem, nor is a folder that is not there', async () => {
  expect(await stateDiskProblem('x', '/')).toBeUndefined()
  expect(await stateDiskProblem('x', '/nowhere/at/all')).toBeUndefined()
})

// A file system without a free block, on every Linux.
test.runIf(process.platform === 'linux')('a full disk is named, with what to do', async () => {
  expect(await stateDiskProblem('x', '/proc')).toMatch(/^the disk of \/proc is full \(0 MB free\): free some/)
})
