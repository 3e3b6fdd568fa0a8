/** Steps as a live task list (listr2): side by side on a terminal, each saying what it waits for. */
import { Listr, type ListrTaskWrapper } from 'listr2'
import type { Step, StepListener } from '../steps/step.ts'

type Task = ListrTaskWrapper<unknown, any, any>

interface Row {
  begin: (task: Task) => void
  end: (error?: Error) => void
  listed: Promise<void>
  task: Promise<Task>
}

/** A listener that feeds the list, and `finished`, which resolves when the list has drawn its last frame. */
export function stepTasks<Context>(steps: Step<Context>[]): {
  listener: StepListener
  finished: (drop: boolean) => Promise<void>
} {
  const titleOf = (id: string) => steps.find((step) => step.id === id)?.title ?? id
  const rows = new Map(steps.map((step) => [step.id, makeRow()]))
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: (_, task) => {
        if (step.needs.length > 0) task.output = `after ${step.needs.map(titleOf).join(', ')}`
        rows.get(step.id)!.begin(task)
        return rows.get(step.id)!.listed
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { collapseErrors: false, collapseSubtasks: false },
    },
  )
  const drawn = list.run().catch(() => undefined)
  return {
    listener: {
      async started(step) {
        const task = await rows.get(step.id)!.task
        task.output = ''
      },
      async waiting(step, what) {
        const task = await rows.get(step.id)!.task
        task.output = `waiting for ${what}`
      },
      async ended(step, timing, error) {
        const row = rows.get(step.id)!
        const task = await row.task
        const took = ((timing.endMs - timing.startMs) / 1000).toFixed(1)
        if (timing.outcome === 'cancelled') task.skip(`${step.title} (stopped)`)
        else task.title = `${step.title} (${took} s)`
        row.end(error)
      },
    },
    async finished(drop) {
      // A failed run leaves steps that never started: they must not keep the list open.
      if (drop) for (const row of rows.values()) void row.task.then(() => row.end())
      await drawn
    },
  }
}

function makeRow(): Row {
  const began = Promise.withResolvers<Task>()
  const listed = Promise.withResolvers<void>()
  listed.promise.catch(() => undefined)
  return {
    begin: began.resolve,
    task: began.promise,
    listed: listed.promise,
    end: (error) => (error ? listed.reject(error) : listed.resolve()),
  }
}
