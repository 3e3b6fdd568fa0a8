/** The queues of the stack by the short names that people type. */
import { DevenvError } from '../lib/errors.ts'

type QueueAlias = 'job-descr' | 'question' | 'resume'

export interface TaskQueue {
  alias: QueueAlias
  /** The queue's name at the broker. */
  name: string
}

const QUEUES: readonly TaskQueue[] = [
  { alias: 'job-descr', name: 'job_description_task' },
  { alias: 'question', name: 'question_generation_task' },
  { alias: 'resume', name: 'resume_evaluation_task' },
]

/** The queues that a flag means: `all`, or a comma-separated list of short or full names. */
export function chooseQueues(text: string, flag = '--queue'): TaskQueue[] {
  if (text === 'all') return [...QUEUES]
  const words = text.split(',').map((word) => word.trim())
  for (const word of words) {
    if (!QUEUES.some(({ alias, name }) => word === alias || word === name)) {
      throw new DevenvError('USAGE', `${flag}: there is no queue "${word}"`, {
        fix: `Use all, ${QUEUES.map(({ alias }) => alias).join(', ')}, or several with commas.`,
      })
    }
  }
  return QUEUES.filter(({ alias, name }) => words.includes(alias) || words.includes(name))
}
