/** Runs one command with captured output, for the tests of this folder. */
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { toDevenvError } from '../lib/errors.ts'
import { createIo, globalFlags, type Io } from './io.ts'

export interface Ran {
  stdout: string
  stderr: string
  exitCode: number
  error: Error | undefined
}

/** The registered commands under the global flags, as the real program puts them together. */
export async function runCommand(
  register: (program: Command, io: Io) => void,
  args: string[],
  env: Record<string, string | undefined>,
  checkout = '/checkout',
): Promise<Ran> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const io = createIo({ stdout, stderr, env, checkout, signal: new AbortController().signal })
  const program = new Command('devenv').exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
  })
  globalFlags(program, io)
  register(program, io)
  let error: Error | undefined
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    error = toDevenvError(thrown)
  }
  return {
    stdout: String(stdout.read() ?? ''),
    stderr: String(stderr.read() ?? ''),
    exitCode: io.exitCode,
    error,
  }
}
