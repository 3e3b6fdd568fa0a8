import { expect, test } from 'vitest'
import { crashing } from './crashing.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')

function pod(restartCount: number, state: object, exitCode = 1) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'dex-1' },
    status: {
      containerStatuses: [{ name: 'dex', restartCount, state, lastState: { terminated: { exitCode } } }],
    },
  }
}

const running = (startedAt: string) => ({ running: { startedAt } })
const SAYS = 'pod dex-1: container dex crashed 2 times (exit code 1)'

test.each<[string, ReturnType<typeof pod>, string | undefined]>([
  ['waits to be started again', pod(2, { waiting: { reason: 'CrashLoopBackOff' } }), SAYS],
  ['was started again just now', pod(2, running('2026-01-01T11:59:55Z')), SAYS],
  ['has run for a while since', pod(2, running('2026-01-01T11:59:45Z')), undefined],
  ['lost one race at its start', pod(1, running('2026-01-01T11:59:59Z')), undefined],
  ['ended well and was started again', pod(3, running('2026-01-01T11:59:59Z'), 0), undefined],
])('a program that %s', (_name, object, says) => {
  expect(crashing([object], NOW)).toBe(says)
})
