/** What a worker does for each queue: which fields it needs, what it asks the model, what shape comes back. */

type Body = Record<string, unknown>

export interface Task {
  /** Name of the answer's schema. */
  name: string
  /** Fields that a request must have, each a text or an object. */
  needs: Record<string, 'text' | 'object'>
  instruction: string
  /** JSON schema of the model's answer, with every property required, as structured outputs demand. */
  schema: Body
}

const text = { type: 'string' }
const texts = { type: 'array', items: text, minItems: 3, maxItems: 5 }

export const TASKS: Record<string, Task> = {
  job_description_task: {
    name: 'job_description',
    needs: { input_data: 'object' },
    instruction:
      'You are an HR assistant. Write a job description from the facts that you are given; invent none.',
    schema: object({
      title: text,
      summary: text,
      responsibilities: texts,
      requirements: texts,
      conditions: texts,
    }),
  },
  question_generation_task: {
    name: 'interview_questions',
    needs: { vacancy_text: 'text', resume_text: 'text' },
    instruction:
      'You are an HR assistant. Write interview questions that test what the vacancy asks and the resume claims.',
    schema: object({
      questions: {
        type: 'array',
        minItems: 4,
        maxItems: 6,
        items: object({
          topic: text,
          question: text,
          expected_answer: text,
          difficulty: { type: 'string', enum: ['easy', 'medium', 'hard'] },
        }),
      },
    }),
  },
  resume_evaluation_task: {
    name: 'resume_evaluation',
    needs: { vacancy_text: 'text', resume_text: 'text', report: 'object' },
    instruction:
      'You are an HR assistant. Score the resume against the vacancy, with the interview report in view.',
    schema: object({
      score: { type: 'integer', minimum: 0, maximum: 100 },
      recommendation: { type: 'string', enum: ['reject', 'consider', 'invite'] },
      summary: text,
      strengths: texts,
      gaps: texts,
    }),
  },
}

/** The request in a message; an Error that says what is wrong with it otherwise. */
export function parseRequest(task: Task, content: Buffer): Body {
  let body: unknown
  try {
    body = JSON.parse(content.toString('utf8'))
  } catch {
    throw new Error('the message is not JSON')
  }
  if (!isObject(body)) throw new Error('the message is not a JSON object')
  for (const [field, kind] of Object.entries(task.needs)) {
    const value = body[field]
    const fits = kind === 'text' ? typeof value === 'string' && value.trim() !== '' : isObject(value)
    if (!fits) throw new Error(`${field} is missing or no ${kind}`)
  }
  return body
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(properties: Record<string, unknown>): Body {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}
