/** The three kinds of request: their paths, queues, and what a valid one holds. */
import { HttpError } from '../shared/http-server.ts'

type Body = Record<string, unknown>

export interface TaskKind {
  path: string
  queue: string
  /** Stored in generation_results.request_type. */
  requestType: string
  /** The message to publish; HttpError 400 when the body does not fit. */
  toMessage(body: Body): Body
}

export const TASK_KINDS: TaskKind[] = [
  {
    path: '/job-description/generate',
    queue: 'job_description_task',
    requestType: 'job_description',
    toMessage: (body) => ({ input_data: objectField(body, 'input_data') }),
  },
  {
    path: '/questions/generate',
    queue: 'question_generation_task',
    requestType: 'question_generation',
    toMessage: (body) => ({
      vacancy_text: textField(body, 'vacancy_text'),
      resume_text: textField(body, 'resume_text'),
    }),
  },
  {
    path: '/resume/evaluation',
    queue: 'resume_evaluation_task',
    requestType: 'resume_evaluation',
    toMessage: (body) => {
      const report = objectField(body, 'report')
      if (report.status !== 'success') throw invalid('report.status must be "success"')
      objectField(report, 'data', 'report.data')
      return {
        vacancy_text: textField(body, 'vacancy_text'),
        resume_text: textField(body, 'resume_text'),
        report,
      }
    },
  },
]

/** The user that a request belongs to, if it names one. */
export function userIdOf(body: Body): number | undefined {
  if (body.user_id === undefined || body.user_id === null) return undefined
  if (Number.isSafeInteger(body.user_id) && (body.user_id as number) > 0) return body.user_id as number
  throw invalid('user_id must be a positive integer')
}

function textField(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value.trim() !== '') return value
  throw invalid(`${name} must be a text that is not empty`)
}

function objectField(body: Body, name: string, shownAs = name): Body {
  const value = body[name]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  throw invalid(`${shownAs} must be an object`)
}

function invalid(message: string): HttpError {
  return new HttpError(400, 'invalid_request', message)
}
