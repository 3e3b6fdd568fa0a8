/** Request bodies: those of seeds/payloads, or valid ones of an exact size. */
import { join } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../config/yaml-file.ts'
import { DevenvError } from '../lib/errors.ts'
import type { TaskQueue } from './queues.ts'

const PayloadsSchema = z.array(z.looseObject({})).min(1)

/** The request bodies for a queue, encoded once. CONFIG_INVALID names the file and line at fault. */
export async function readPayloads(queue: TaskQueue, checkout: string): Promise<Buffer[]> {
  const path = join(checkout, 'seeds', 'payloads', `${queue.alias}.json`)
  // JSON is YAML too, and this reader says in which line a problem is.
  const payloads = await readYaml(path, PayloadsSchema, checkout)
  return payloads.map((payload) => Buffer.from(JSON.stringify(payload)))
}

const SENTENCE = 'Designs services, reviews code, runs them in production and writes down what was learned. '

/** A request that the queue's worker accepts, of exactly so many bytes. USAGE when that is too few for one. */
export function sizedPayload(queue: TaskQueue, bytes: number): Buffer {
  const room = bytes - Buffer.byteLength(JSON.stringify(request(queue, '')))
  // A worker refuses an empty text.
  if (room < 1) {
    throw new DevenvError(
      'USAGE',
      `--payload-bytes: a request to ${queue.name} has at least ${bytes - room + 1}`,
    )
  }
  const text = SENTENCE.repeat(Math.ceil(room / SENTENCE.length)).slice(0, room)
  return Buffer.from(JSON.stringify(request(queue, text)))
}

function request(queue: TaskQueue, text: string): object {
  const texts = { vacancy_text: 'Backend developer', resume_text: text }
  switch (queue.alias) {
    case 'job-descr':
      return { input_data: { position: 'Backend developer', notes: text } }
    case 'question':
      return texts
    case 'resume':
      return { ...texts, report: { status: 'success', data: { match: 0.5 } } }
  }
}
