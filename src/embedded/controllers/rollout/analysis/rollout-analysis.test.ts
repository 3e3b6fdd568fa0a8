/** Analyses of Rollouts: real HTTP answers and Jobs, on a fake clock otherwise. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { manifest } from '../../testing/builders.ts'
import { ANALYSIS_RUNS, ANALYSIS_TEMPLATES, ROLLOUTS } from '../names.ts'
import { canary, RolloutWorld } from '../testing/world.ts'
import { analysisRunController } from './controller.ts'

let server: Server
let answer = '{"rate":0.99}'
beforeAll(async () => {
  server = createServer((_request, response) => response.end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/{{args.service}}`

function template(metric: Record<string, unknown>) {
  const spec = { args: [{ name: 'service' }], metrics: [{ name: 'success-rate', ...metric }] }
  return manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'check', { spec })
}

const webMetric = () => ({
  successCondition: 'result >= 0.95',
  provider: { web: { url: url(), jsonPath: '{$.rate}' } },
})

const analysis = { templates: [{ templateName: 'check' }], args: [{ name: 'service', value: 'core-api' }] }
const STEPS = [{ setWeight: 50 }, { analysis }, { setWeight: 100 }]

async function updated(world: RolloutWorld, metric: Record<string, unknown>): Promise<void> {
  world.client.create(ANALYSIS_TEMPLATES, template(metric))
  world.client.create(ROLLOUTS, canary(STEPS, { replicas: 2 }))
  await world.until('deployed', world.healthy)
  world.image('app:2')
}

/** Answers come over a real socket: time moves on until they are there. */
async function eventually(world: RolloutWorld, what: string, done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !done(); tries++) {
    await world.advance(250)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(done(), what).toBe(true)
}

it('a step waits for its analysis, which asks a URL', async () => {
  await using world = new RolloutWorld({}, [analysisRunController()])
  await updated(world, webMetric())
  await eventually(world, 'promoted', world.healthy)
  const [run] = world.client.list(ANALYSIS_RUNS)
  expect(run).toMatchObject({
    metadata: {
      name: `api-${world.status.currentPodHash}-2-1`,
      labels: { 'rollout-type': 'Step', 'step-index': '1', app: 'api' },
      annotations: { 'rollout.argoproj.io/revision': '2' },
    },
    spec: { args: [{ name: 'service', value: 'core-api' }] },
    status: { phase: 'Successful', metricResults: [{ measurements: [{ value: '0.99' }] }] },
  })
  expect(world.told).toContain(
    `AnalysisRunSuccessful: Step Analysis Run '${run!.metadata.name}' Status New: 'Successful' Previous: ''`,
  )
})

it('a failed analysis aborts the update, and a retry begins a new one', async () => {
  answer = '{"rate":0.5}'
  await using world = new RolloutWorld({}, [analysisRunController()])
  await updated(world, webMetric())
  await eventually(world, 'aborted', () => world.status.abort === true)
  await world.until('stable again', () => world.running().join() === 'app:1,app:1')
  expect(world.status.message).toContain(
    'Step-based analysis phase error/failed: Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0)',
  )
  answer = '{"rate":1}'
  world.say({ abort: false })
  await eventually(world, 'promoted', world.healthy)
  expect(
    world.client
      .list(ANALYSIS_RUNS)
      .map(({ status }) => status.phase)
      .sort(),
  ).toEqual(['Failed', 'Successful'])
})

it('an inconclusive analysis pauses until a person decides', async () => {
  answer = '{"rate":0.9}'
  await using world = new RolloutWorld({}, [analysisRunController()])
  await updated(world, { ...webMetric(), failureCondition: 'result < 0.5' })
  await eventually(world, 'paused', world.paused)
  expect(world.status.message).toBe('InconclusiveAnalysisRun')
  world.say({ pauseConditions: null, controllerPause: false, currentStepIndex: 2 })
  await eventually(world, 'promoted', world.healthy)
})

it('a Job is a measurement', async () => {
  await using world = new RolloutWorld({}, [analysisRunController()])
  const container = { name: 'c', image: 'check:1' }
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [container] } }, backoffLimit: 0 }
  await updated(world, { provider: { job: { spec } } })
  const jobs = () => world.client.list('batch/v1/jobs')
  await world.until('job', () => jobs().length === 1)
  const [job] = jobs()
  expect(job!.metadata.name).toMatch(/\.success-rate\.1$/)
  world.client.patch(
    'batch/v1/jobs',
    'default',
    job!.metadata.name,
    { status: { conditions: [{ type: 'Complete', status: 'True' }] } },
    { type: 'merge', subresource: 'status' },
  )
  await eventually(world, 'promoted', world.healthy)
})

it('refuses an analysis whose template is missing', async () => {
  await using world = new RolloutWorld()
  world.client.create(ROLLOUTS, canary(STEPS))
  await world.settle()
  expect(world.status.message).toBe(
    'InvalidSpec: The Rollout "api" is invalid: spec.strategy.canary.steps[1].analysis.templates: Invalid value: "check": AnalysisTemplate \'check\' not found',
  )
})

it('a run that has ended goes when its ttlStrategy says so', async () => {
  await using world = new RolloutWorld({}, [analysisRunController()])
  const spec = { metrics: [], ttlStrategy: { secondsAfterCompletion: 60, secondsAfterFailure: 10 } }
  const ended = (name: string, phase: string) =>
    manifest('argoproj.io/v1alpha1', 'AnalysisRun', name, {
      spec,
      status: { phase, completedAt: new Date(world.clock.now()).toISOString() },
    })
  world.client.create(ANALYSIS_RUNS, ended('good', 'Successful'))
  world.client.create(ANALYSIS_RUNS, ended('bad', 'Failed'))
  const left = () => world.client.list(ANALYSIS_RUNS).map(({ metadata }) => metadata.name)
  await world.advance(9000)
  expect(left()).toHaveLength(2)
  await world.advance(2000)
  expect(left()).toEqual(['good'])
  await world.advance(50_000)
  expect(left()).toEqual([])
})
