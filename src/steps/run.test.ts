import { describe, expect, it } from 'vitest'
import { FakeClock } from '../lib/clock.ts'
import { DevenvError } from '../lib/errors.ts'
import { runSteps } from './run.ts'
import type { Step, StepListener } from './step.ts'

const quiet: StepListener = { started() {}, waiting() {}, ended() {} }

function step(clock: FakeClock, id: string, needs: string[], ms: number, order: string[]): Step<undefined> {
  return {
    id,
    title: id,
    needs,
    budgetMs: 10_000,
    run: () =>
      new Promise((resolve) => {
        order.push(`+${id}`)
        clock.after(ms, () => {
          order.push(`-${id}`)
          resolve()
        })
      }),
  }
}

function options(clock: FakeClock, signal = new AbortController().signal) {
  return { clock, signal, listener: quiet }
}

describe('runSteps', () => {
  it('runs independent steps side by side and names the critical path', async () => {
    const clock = new FakeClock()
    const order: string[] = []
    const steps = [
      step(clock, 'a', [], 100, order),
      step(clock, 'b', [], 50, order),
      step(clock, 'c', ['a', 'b'], 10, order),
    ]
    const running = runSteps(steps, undefined, options(clock))
    await clock.advance(200)
    const { timings, error } = await running
    expect(error).toBeUndefined()
    expect(order).toEqual(['+a', '+b', '-b', '-a', '+c', '-c'])
    expect(timings.criticalPath).toEqual(['a', 'c'])
    expect(timings.steps.find((timing) => timing.id === 'c')).toMatchObject({
      startMs: 100,
      endMs: 110,
      outcome: 'done',
    })
  })

  it('stops at the first failure: what needs it never starts, what runs is cancelled', async () => {
    const clock = new FakeClock()
    const order: string[] = []
    const failing: Step<undefined> = {
      id: 'bad',
      title: 'bad',
      needs: [],
      budgetMs: 1000,
      run: async () => {
        throw new DevenvError('PORT_BUSY', 'port 1 is taken')
      },
    }
    const running = runSteps(
      [failing, step(clock, 'after', ['bad'], 1, order), step(clock, 'slow', [], 5000, order)],
      undefined,
      options(clock),
    )
    await clock.advance(10)
    const { timings, error } = await running
    expect(error?.code).toBe('PORT_BUSY')
    expect(order).toEqual(['+slow'])
    expect(timings.steps.map((timing) => [timing.id, timing.outcome])).toEqual([
      ['bad', 'failed'],
      ['slow', 'cancelled'],
    ])
  })

  it('names what a step waited for when its budget is spent', async () => {
    const clock = new FakeClock()
    const stuck: Step<undefined> = {
      id: 'stuck',
      title: 'core-api Ready',
      needs: [],
      budgetMs: 3000,
      run: (_, { waiting }) => {
        waiting('pod core-api-1: ContainerCreating')
        return new Promise(() => {})
      },
    }
    const running = runSteps([stuck], undefined, options(clock))
    await clock.advance(3000)
    const { error } = await running
    expect(error).toMatchObject({
      code: 'DEADLINE',
      message: 'core-api Ready: not done within 3 s; waited for pod core-api-1: ContainerCreating',
    })
  })

  it('answers INTERRUPTED when the user interrupts', async () => {
    const clock = new FakeClock()
    const interrupt = new AbortController()
    const running = runSteps([step(clock, 'slow', [], 5000, [])], undefined, options(clock, interrupt.signal))
    await clock.advance(1)
    interrupt.abort()
    expect((await running).error?.code).toBe('INTERRUPTED')
  })
})
