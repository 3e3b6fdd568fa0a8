import { describe, expect, it, vi } from 'vitest'
import { DevenvError } from '../lib/errors.ts'
import type { RunRecord } from '../lib/record.ts'
import type { LoadOutcome } from '../load/run.ts'
import { LoadDesk, type LoadState, verdictOf } from './load-desk.ts'

const RECORD = { name: 'x' } as RunRecord
const ASKED = { queue: 'question', messages: 10 }

function outcome(lost: number, failure?: DevenvError): LoadOutcome {
  const queue = { published: 10, replied: 10 - lost, duplicates: 0, lost, replicas: { peak: 5 } }
  const report = { queues: { question_generation_task: queue } } as unknown as LoadOutcome['report']
  return { report, timeline: {} as LoadOutcome['timeline'], ...(failure ? { failure } : {}) }
}

describe('LoadDesk', () => {
  it('runs one load at a time, to its verdict', async () => {
    const { promise, resolve } = Promise.withResolvers<LoadOutcome>()
    const desk = new LoadDesk('/checkout', () => promise)
    const states: LoadState[] = []
    desk.watch((state) => states.push(state))
    desk.begin(RECORD, ASKED)
    expect(() => desk.begin(RECORD, ASKED)).toThrow(expect.objectContaining({ code: 'BUSY' }))
    resolve(outcome(0))
    await vi.waitFor(() => expect(states.at(-1)?.phase).toBe('done'))
    expect(states.map(({ phase }) => phase)).toEqual(['idle', 'running', 'done'])
    expect(states.at(-1)?.verdict).toMatchObject({ passed: true })
    desk.begin(RECORD, ASKED)
  })

  it('waits for every answer, and ends when it is told to', async () => {
    const start = vi.fn(
      (_record: RunRecord, _options: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<LoadOutcome>((resolve) => {
          const interrupted = new DevenvError('INTERRUPTED', 'the load was interrupted')
          signal.addEventListener('abort', () => resolve(outcome(0, interrupted)))
        }),
    )
    const desk = new LoadDesk('/checkout', start)
    let last: LoadState | undefined
    desk.watch((state) => {
      last = state
    })
    desk.begin(RECORD, ASKED)
    expect(start.mock.calls[0]?.[1]).toMatchObject({ ...ASKED, wait: true, checkout: '/checkout' })
    desk.end()
    await vi.waitFor(() => expect(last?.phase).toBe('done'))
    expect(last?.verdict).toMatchObject({ passed: false, text: expect.stringContaining('interrupted') })
  })

  it('says why a load could not begin', async () => {
    const desk = new LoadDesk('/checkout', async () => {
      throw new DevenvError('STEP_FAILED', 'no broker', { fix: 'npm run status' })
    })
    let last: LoadState | undefined
    desk.watch((state) => {
      last = state
    })
    desk.begin(RECORD, ASKED)
    await vi.waitFor(() =>
      expect(last?.verdict).toEqual({ passed: false, text: 'no broker. npm run status' }),
    )
  })
})

it('a lost message is no pass', () => {
  expect(verdictOf(outcome(1))).toMatchObject({ passed: false, text: expect.stringContaining('1 lost') })
})
