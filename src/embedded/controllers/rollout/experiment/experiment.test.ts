/** Experiments on a fake clock: alone, with analyses, and as the step of a canary. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../objects.ts'
import { manifest, NAMESPACE, podTemplate } from '../../testing/builders.ts'
import { ANALYSIS_RUNS, ANALYSIS_TEMPLATES, EXPERIMENTS, HASH_LABEL, ROLLOUTS } from '../names.ts'
import { podTemplateHash } from '../template.ts'
import { canary, RolloutWorld } from '../testing/world.ts'
import { experimentController } from './controller.ts'
import type { ExperimentStatus } from './types.ts'

const EXPERIMENT = 'compare'
const SERVICES = 'v1/services'

function template(name: string, image: string, extra: Record<string, unknown> = {}) {
  const labels = { app: name }
  const pods: any = podTemplate(name, image)
  pods.spec.containers[0].ports = [{ containerPort: 8080, name: 'http' }]
  return { name, replicas: 2, selector: { matchLabels: labels }, template: pods, ...extra }
}

function experiment(spec: Record<string, unknown>) {
  return manifest('argoproj.io/v1alpha1', 'Experiment', EXPERIMENT, { spec })
}

const check = manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'check', {
  spec: {
    args: [{ name: 'hash' }],
    metrics: [{ name: 'm', interval: '5s', provider: { web: { url: 'http://127.0.0.1:1/{{args.hash}}' } } }],
  },
})

class ExperimentWorld extends RolloutWorld {
  constructor(options: ConstructorParameters<typeof RolloutWorld>[0] = {}) {
    super(options, [experimentController()])
  }

  get experiment(): KubeObject {
    return this.client.get(EXPERIMENTS, NAMESPACE, EXPERIMENT)!
  }

  get state(): ExperimentStatus {
    return this.experiment.status ?? {}
  }

  /** What the analysis run controller would write. */
  answer(phase: string, message?: string): void {
    const [run] = this.client.list(ANALYSIS_RUNS)
    this.client.patch(
      ANALYSIS_RUNS,
      NAMESPACE,
      run!.metadata.name,
      { status: { phase, message } },
      { type: 'merge' },
    )
  }
}

describe('an Experiment', () => {
  it('runs its templates for its duration, keeps them for the delay, and removes their Service last', async () => {
    await using world = new ExperimentWorld()
    world.client.create(
      EXPERIMENTS,
      experiment({
        duration: '1m',
        templates: [template('old', 'app:1'), template('new', 'app:2', { service: {} })],
      }),
    )
    await world.until('running', () => world.state.phase === 'Running')
    expect(world.sizes('app:1', 'app:2')).toBe('2/2')
    const set = world.replicaSet('app:2')!
    expect(set.metadata).toMatchObject({
      name: 'compare-new',
      annotations: {
        'experiment.argoproj.io/name': EXPERIMENT,
        'experiment.argoproj.io/template-name': 'new',
      },
    })
    const hash = set.metadata.labels![HASH_LABEL]
    expect(world.client.get(SERVICES, NAMESPACE, 'compare-new')?.spec).toMatchObject({
      selector: { app: 'new', [HASH_LABEL]: hash },
      ports: [{ name: 'http', port: 8080, targetPort: 8080 }],
    })
    expect(world.state.templateStatuses?.[1]).toMatchObject({
      name: 'new',
      status: 'Running',
      availableReplicas: 2,
      serviceName: 'compare-new',
      podTemplateHash: hash,
    })
    await world.advance(50_000)
    expect(world.state.phase).toBe('Running')
    await world.until('through', () => world.state.phase === 'Successful')
    expect(world.sizes('app:1', 'app:2')).toBe('2/2')
    await world.until('gone', () => world.running().length === 0)
    await world.advance(5000)
    expect(world.sizes('app:1', 'app:2')).toBe('0/0')
    expect(world.client.get(SERVICES, NAMESPACE, 'compare-new')).toBeUndefined()
    expect(world.state.templateStatuses?.[1]).not.toHaveProperty('serviceName')
    expect(world.state.conditions).toMatchObject([
      { type: 'Progressing', status: 'False', reason: 'ExperimentCompleted' },
    ])
    expect(world.told.filter((line) => line.startsWith('Experiment'))).toEqual([
      'ExperimentPending: Experiment transitioned from  -> Pending',
      'ExperimentRunning: Experiment transitioned from Pending -> Running',
      'ExperimentSuccessful: Experiment transitioned from Running -> Successful',
    ])
  })

  it('fails with a template that does not come up before the deadline, and takes the other one along', async () => {
    await using world = new ExperimentWorld({
      readyAfterMs: (pod) => (pod.spec.containers[0].image === 'app:bad' ? undefined : 1000),
    })
    world.client.create(
      EXPERIMENTS,
      experiment({
        progressDeadlineSeconds: 20,
        scaleDownDelaySeconds: 0,
        templates: [template('old', 'app:1'), template('new', 'app:bad')],
      }),
    )
    await world.until('failed', () => world.state.phase === 'Failed')
    expect(world.state.message).toBe("Template 'new' exceeded its progressDeadlineSeconds (20)")
    await world.until('all pods gone', () => world.running().length === 0)
  })

  it('gives its analyses the hashes of its templates, and ends with a failed one', async () => {
    await using world = new ExperimentWorld()
    world.client.create(ANALYSIS_TEMPLATES, check)
    const args = [{ name: 'hash', value: '{{templates.new.podTemplateHash}}' }]
    const analyses = [{ name: 'errors', templateName: 'check', args }]
    world.client.create(EXPERIMENTS, experiment({ templates: [template('new', 'app:2')], analyses }))
    await world.until('analysed', () => world.client.list(ANALYSIS_RUNS).length === 1)
    expect(world.client.list(ANALYSIS_RUNS)[0]).toMatchObject({
      metadata: { name: 'compare-errors', ownerReferences: [{ kind: 'Experiment', name: EXPERIMENT }] },
      spec: { args: [{ name: 'hash', value: world.replicaSet('app:2')!.metadata.labels![HASH_LABEL] }] },
    })
    world.answer('Failed', 'too many')
    await world.until('failed', () => world.state.phase === 'Failed')
    expect(world.state).toMatchObject({
      message: 'too many',
      analysisRuns: [{ name: 'errors', phase: 'Failed' }],
    })
  })

  it('ends with the analyses that are required for completion, whatever its duration', async () => {
    await using world = new ExperimentWorld()
    world.client.create(ANALYSIS_TEMPLATES, check)
    const args = [{ name: 'hash', value: 'x' }]
    const analyses = [{ name: 'errors', templateName: 'check', args, requiredForCompletion: true }]
    world.client.create(EXPERIMENTS, experiment({ templates: [template('new', 'app:2')], analyses }))
    await world.until('analysed', () => world.client.list(ANALYSIS_RUNS).length === 1)
    world.answer('Successful')
    await world.until('through', () => world.state.phase === 'Successful')
    expect(world.state.message).toBe('Required AnalysisRuns completed')
  })

  it('says what is wrong with its templates, and runs nothing', async () => {
    await using world = new ExperimentWorld()
    const templates = [template('one', 'app:1'), template('one', 'app:2')]
    world.client.create(EXPERIMENTS, experiment({ templates }))
    await world.advance(2000)
    expect(world.state).toMatchObject({
      conditions: [
        {
          type: 'InvalidSpec',
          message: "Experiment compare has repeated template name 'one' in templates",
        },
      ],
    })
    expect(world.running()).toEqual([])
  })
})

describe('an experiment step', () => {
  const step = {
    duration: '30s',
    templates: [
      { name: 'baseline', specRef: 'stable' as const },
      { name: 'canary', specRef: 'canary' as const },
    ],
  }

  async function updated(world: ExperimentWorld): Promise<KubeObject> {
    world.client.create(
      ROLLOUTS,
      canary([{ experiment: step }, { setWeight: 50 }, { pause: {} }], { replicas: 2 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:2')
    await world.until('begun', () => world.client.list(EXPERIMENTS).length === 1)
    return world.client.list(EXPERIMENTS)[0]!
  }

  it('runs both templates beside the Rollout’s own pods, and goes on when the Experiment succeeded', async () => {
    await using world = new ExperimentWorld()
    const begun = await updated(world)
    expect(begun.metadata).toMatchObject({
      name: `api-${world.status.currentPodHash}-2-0`,
      annotations: { 'rollout.argoproj.io/revision': '2' },
      ownerReferences: [{ kind: 'Rollout', name: 'api' }],
    })
    await world.until('in use', () => world.status.canary?.currentExperiment === begun.metadata.name)
    expect(world.status.currentStepIndex).toBe(0)
    await world.until('paused', world.paused)
    expect(world.status.currentStepIndex).toBe(2)
    expect(world.status.canary).toEqual({})
    // What sets their hashes apart from the Rollout's own is the API's defaults, which this client does not apply.
    for (const { metadata, spec } of world.client.list('apps/v1/replicasets')) {
      const { [HASH_LABEL]: hash, ...labels } = spec.template.metadata.labels
      expect(metadata.labels![HASH_LABEL]).toBe(hash)
      expect(hash).toBe(
        podTemplateHash({ ...spec.template, metadata: { ...spec.template.metadata, labels } }),
      )
    }
    expect(world.client.list('apps/v1/replicasets')).toHaveLength(4)
    expect(world.reasons()).toContain('ExperimentCreated')
  })

  it('aborts the update when the Experiment fails, and a retry begins a new one', async () => {
    await using world = new ExperimentWorld()
    const begun = await updated(world)
    const fail = { status: { phase: 'Failed', message: 'no good' } }
    world.client.patch(EXPERIMENTS, NAMESPACE, begun.metadata.name, fail, { type: 'merge' })
    await world.until('aborted', () => world.status.abort === true)
    expect(world.told).toContain(
      'RolloutAborted: Rollout aborted update to revision 2: Experiment analysis phase is error/failed: no good',
    )
    world.say({ abort: false })
    await world.until('again', () => world.client.list(EXPERIMENTS).length === 2)
    expect(world.client.list(EXPERIMENTS).map(({ metadata }) => metadata.name)).toContain(
      `${begun.metadata.name}-1`,
    )
  })

  it('ends its Experiment when a person promotes in full', async () => {
    await using world = new ExperimentWorld()
    await updated(world)
    world.say({ promoteFull: true })
    await world.until('promoted', world.healthy)
    expect(world.client.list(EXPERIMENTS)[0]!.spec.terminate).toBe(true)
  })
})
