import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { carriersOf, fromPs } from './carriers.ts'

describe('carriersOf', () => {
  it.each([
    { way: 'from /proc', options: {} },
    { way: 'by ps, where there is no /proc', options: { proc: '/nonexistent', platform: 'linux' as const } },
  ])('finds a process by its environment $way', async ({ options }) => {
    const assignment = `DEVENV_TEST_MARK=a place/${process.pid}`
    const [name, value] = assignment.split('=') as [string, string]
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log(1)'], {
      env: { ...process.env, [name]: value },
    })
    try {
      await once(child.stdout, 'data')
      expect(carriersOf(assignment, options)).toEqual([child.pid])
      expect(carriersOf(`${assignment}0`, options)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
})

describe('fromPs', () => {
  it('takes the whole value alone, in the middle or at the end', () => {
    const answer = [
      '    1 /sbin/launchd',
      '  501 /opt/homebrew/bin/k3d cluster create HOME=/Users/me DEVENV_ENVIRONMENT=a@/Users/me/a PATH=/bin',
      ' 1502 node src/main.ts DEVENV_ENVIRONMENT=a@/Users/me/a',
      ' 1503 node src/main.ts DEVENV_ENVIRONMENT=a@/Users/me/a-2 PATH=/bin',
      '',
    ].join('\n')
    expect(fromPs(answer, 'DEVENV_ENVIRONMENT=a@/Users/me/a')).toEqual([501, 1502])
  })
})
