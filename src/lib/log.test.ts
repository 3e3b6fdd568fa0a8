import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { expect, test } from 'vitest'

const LOG = new URL('./log.ts', import.meta.url).href

// As the supervisor does it: what nobody caught is logged, too.
const PROGRAM = `
  import { stdoutLogger } from '${LOG}'
  const log = stdoutLogger('test')
  let uncaught = 0
  process.on('uncaughtException', (error) => { uncaught++; log.error(error.message) })
  log.info('one')
  setTimeout(() => process.exit(uncaught), 50)`

test.skipIf(!existsSync('/dev/full'))('a full disk costs the lines and nothing else', async () => {
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', full, full],
    timeout: 15_000,
  })
  closeSync(full)
  expect(await once(child, 'exit')).toEqual([0, null])
})
