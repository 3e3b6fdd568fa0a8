/** What the page can ask for: the stream, a log, an explanation, a verb on a Rollout, a load. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { DevenvError } from '../lib/errors.ts'
import type { RunRecord } from '../lib/record.ts'
import { errorAnswer, sendJson } from './answer.ts'
import { readBody } from './body.ts'
import { Feed, type FeedPorts } from './feed.ts'
import { LoadDesk } from './load-desk.ts'
import { streamLog } from './log-stream.ts'
import { actOnRollout, VERBS } from './rollout-action.ts'
import { openStream } from './sse.ts'

export interface ApiPorts extends FeedPorts {
  /** Where seeds/ is. */
  checkout: string
  /** How often the HPA controller looks, where that is known; makes explanations more exact. */
  hpaSyncSeconds?: (record: RunRecord) => Promise<number | undefined>
  /** Told when the number of open pages changes. */
  onWatchers?: (count: number) => void
  loadDesk?: LoadDesk
}

const NAME = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9_./]*[a-z0-9])?$/, 'is no name of an object')
  .max(253)

const ROLLOUT_REQUEST = z.strictObject({ name: NAME, verb: z.enum(VERBS) })

const LOAD_REQUEST = z.strictObject({
  queue: z.enum(['all', 'job-descr', 'question', 'resume']),
  messages: z.int().min(1).max(100_000),
  taskMs: z.int().min(0).max(3_600_000).optional(),
})

const LOG_REQUEST = z.strictObject({ pod: NAME, container: NAME.optional() })

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

export class Api implements AsyncDisposable {
  readonly #ports: ApiPorts
  readonly #feed: Feed
  readonly #load: LoadDesk
  readonly #routes: Record<string, Handler>
  #watchers = 0

  constructor(ports: ApiPorts) {
    this.#ports = ports
    this.#feed = new Feed(ports)
    this.#load = ports.loadDesk ?? new LoadDesk(ports.checkout)
    this.#routes = {
      'GET /api/stream': async (_request, response) => this.#stream(response),
      'GET /api/log': async (_request, response, url) => {
        const { pod, container } = parse(LOG_REQUEST, Object.fromEntries(url.searchParams))
        await streamLog(await this.#record(), pod, container, response)
      },
      'GET /api/why': async (_request, response, url) => {
        const name = parse(NAME, url.searchParams.get('name'))
        sendJson(response, 200, await this.#why(name))
      },
      'POST /api/rollout': async (request, response) => {
        const { name, verb } = parse(ROLLOUT_REQUEST, await readBody(request))
        await actOnRollout(await this.#record(), name, verb)
        sendJson(response, 200, {
          apiVersion: 'devenv/v1',
          kind: 'RolloutAction',
          name,
          message: `${verb} ${name}: done`,
        })
      },
      'POST /api/load': async (request, response) => {
        const { taskMs, ...asked } = parse(LOAD_REQUEST, await readBody(request))
        this.#load.begin(await this.#record(), { ...asked, ...(taskMs === undefined ? {} : { taskMs }) })
        sendJson(response, 202, { apiVersion: 'devenv/v1', kind: 'LoadStarted' })
      },
      'DELETE /api/load': async (_request, response) => {
        this.#load.end()
        sendJson(response, 202, { apiVersion: 'devenv/v1', kind: 'LoadStopping' })
      },
    }
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const handler = this.#routes[`${request.method} ${url.pathname}`]
    if (handler) return await handler(request, response, url)
    sendJson(
      response,
      ...errorAnswer(new DevenvError('USAGE', `there is no ${request.method} ${url.pathname}`), 404),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#feed[Symbol.asyncDispose](), this.#load[Symbol.asyncDispose]()])
  }

  #stream(response: ServerResponse): void {
    const stream = openStream(response)
    const ends = [
      this.#feed.watch({
        history: (samples) => stream.send('history', samples),
        snapshot: (snapshot, sample) => {
          stream.send('snapshot', snapshot)
          stream.send('sample', sample)
        },
        trouble: (message) => stream.send('trouble', message),
      }),
      this.#load.watch((state) => stream.send('load', state)),
    ]
    this.#ports.onWatchers?.(++this.#watchers)
    stream.signal.addEventListener('abort', () => {
      for (const end of ends) end()
      this.#ports.onWatchers?.(--this.#watchers)
    })
  }

  async #why(name: string): Promise<object> {
    const record = await this.#record()
    const [{ snapshotSource }, { explain }] = await Promise.all([
      import('../explain/gather.ts'),
      import('../explain/find.ts'),
    ])
    const seconds = await this.#ports.hpaSyncSeconds?.(record)
    await using source = await snapshotSource(
      record,
      seconds === undefined ? {} : { hpaSyncSeconds: seconds },
    )
    return explain(name, record.release, await source.look())
  }

  async #record(): Promise<RunRecord> {
    const record = await this.#ports.readRecord()
    if (record) return record
    throw new DevenvError('ABSENT', `there is no environment "${this.#ports.name}"`, { fix: 'npm run up' })
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new DevenvError('USAGE', z.prettifyError(result.error))
}
