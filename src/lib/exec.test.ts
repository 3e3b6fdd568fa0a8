import { expect, test } from 'vitest'
import { DevenvError } from './errors.ts'
import { pasteable, run, runAttached, which } from './exec.ts'

const node = process.execPath

test('returns output, passes environment and input', async () => {
  const script =
    'process.stdin.on("data", (d) => process.stdout.write(d + process.env.WORD)); console.error("aside")'
  const result = await run(node, ['-e', script], { env: { WORD: 'there' }, input: 'hello ' })
  expect(result).toMatchObject({ stdout: 'hello there', stderr: 'aside' })
})

test('a bad end has the command to paste and the last lines of output', async () => {
  const failed = await run(node, ['-e', 'console.log("got this far"); process.exit(3)']).catch(
    (thrown) => thrown,
  )
  expect(failed).toBeInstanceOf(DevenvError)
  expect(failed.code).toBe('CHILD_FAILED')
  expect(failed.message).toContain(`-e 'console.log("got this far"); process.exit(3)'`)
  expect(failed.message).toContain('exit code 3:\n  got this far')
})

test('a missing program, a timeout and an abort are told apart', async () => {
  await expect(run('no-such-program-here')).rejects.toThrow(/could not be started \(ENOENT\)/)
  await expect(run(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 100 })).rejects.toThrow(
    /did not end within 100 ms/,
  )
  const stop = new AbortController()
  const running = run(node, ['-e', 'setInterval(() => {}, 1000)'], { signal: stop.signal })
  stop.abort()
  await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

test('arguments are never read by a shell', async () => {
  const { stdout } = await run(node, ['-e', 'console.log(process.argv[1])', '$HOME; echo x'])
  expect(stdout).toBe('$HOME; echo x')
  expect(pasteable('echo', ["it's", 'a b', 'plain-1.2/x=y'], '/a b')).toBe(
    `(cd '/a b' && echo 'it'\\''s' 'a b' plain-1.2/x=y)`,
  )
})

test('a program with the terminal passes its exit code on', async () => {
  expect(await runAttached(node, ['-e', 'process.exit(7)'])).toBe(7)
})

test('which finds executables on PATH only', () => {
  expect(which('sh')).toMatch(/\/sh$/)
  expect(which('sh', '')).toBeUndefined()
  expect(which('no-such-program-here')).toBeUndefined()
})
