/** The process: signals in, exit code out. The only file that calls process.exit. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createIo } from './cli/io.ts'
import { runProgram } from './cli/program.ts'
import { EXIT } from './lib/errors.ts'

const interrupt = new AbortController()
let interruptedBy: number | undefined

// npm delivers Ctrl-C twice (the terminal to the group, npm to its child): only a later one is impatience.
const REPEAT_MS = 1500
for (const [signal, code] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
  ['SIGHUP', EXIT.terminated],
] as const) {
  let first = 0
  process.on(signal, () => {
    if (first !== 0 && Date.now() - first > REPEAT_MS) process.exit(code)
    first ||= Date.now()
    interruptedBy ??= code
    interrupt.abort()
  })
}
// `devenv logs | head`: the reader has gone, which is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed),
)

const io = createIo({
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  checkout: dirname(dirname(fileURLToPath(import.meta.url))),
  signal: interrupt.signal,
})
const code = await runProgram(process.argv.slice(2), io)
process.exit(interruptedBy !== undefined && code !== EXIT.done ? interruptedBy : code)
