/** Argo Rollouts: canaries, blue-green and analyses, as its controller and its clients agree on them. */
import { expect } from 'vitest'
import { which } from '../../../src/lib/exec.ts'
import { type ContractCase, type ContractContext, PATIENCE_MS } from '../case.ts'
import { kubectl } from '../kubectl.ts'
import { conditionOf, createServices, HASH, hashOf, NAME, selectorOf, TestRollout } from '../rollout.ts'

const ANALYSIS_RUNS = 'argoproj.io/v1alpha1/analysisruns'
const ANALYSIS_TEMPLATES = 'argoproj.io/v1alpha1/analysistemplates'

const canary = (...steps: object[]) => ({ canary: { steps } })

export const rolloutCases: ContractCase[] = [
  {
    name: 'Rollout: a first deploy skips the steps; an open pause waits for a person; a timed one ends by itself',
    async run(context) {
      const rollout = new TestRollout(context)
      const first = await rollout.deploy(
        canary({ setWeight: 50 }, { pause: {} }, { pause: { duration: 1 } }),
        { replicas: 2 },
      )
      expect(first.status).toMatchObject({ currentStepIndex: 3, replicas: 2, updatedReplicas: 2 })
      expect(first.status.stableRS).toBe(first.status.currentPodHash)
      expect(first.metadata.annotations).toMatchObject({ 'rollout.argoproj.io/revision': '1' })
      const [set] = await rollout.replicaSets()
      expect(set!.metadata.name).toBe(`${NAME}-${first.status.stableRS}`)
      expect(set!.spec.selector.matchLabels[HASH]).toBe(first.status.stableRS)
      await rollout.update('2')
      const paused = await rollout.pausedAt(1)
      await rollout.sizes('1/1')
      expect(paused.status).toMatchObject({
        message: 'CanaryPauseStep',
        controllerPause: true,
        pauseConditions: [{ reason: 'CanaryPauseStep' }],
      })
      // The real controller writes the condition when it next looks, after it has written the pause.
      const marked = await rollout.until('marked', (one) => conditionOf(one, 'Paused')?.status === 'True')
      expect(conditionOf(marked, 'Paused')).toMatchObject({ reason: 'RolloutPaused' })
      await rollout.promote()
      const done = await rollout.healthy()
      await rollout.sizes('0/2')
      expect(done.status.stableRS).toBe(hashOf((await rollout.replicaSets())[1]!))
      expect(conditionOf(done, 'Progressing')).toMatchObject({ reason: 'NewReplicaSetAvailable' })
      if (!which('kubectl')) return
      await kubectl(context, [
        'wait',
        'rollout',
        NAME,
        '--for=condition=Healthy',
        `--timeout=${PATIENCE_MS / 1000}s`,
      ])
      expect(await kubectl(context, ['get', 'rollouts', NAME, '--no-headers'])).toMatch(
        /^web\s+2\s+2\s+2\s+2\s+\d+s$/,
      )
    },
  },
  {
    name: 'Rollout: pods follow setWeight within maxSurge, and an HPA in the middle of a canary',
    async run(context) {
      const { kube, namespace } = context
      const rollout = new TestRollout(context)
      await rollout.deploy(canary({ setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: {} }), {
        replicas: 3,
      })
      await rollout.update('2')
      await rollout.pausedAt(1)
      // 20 % of 3 is less than a pod, but a canary has one; the one that maxSurge allows goes on top.
      await rollout.sizes('3/1')
      await rollout.promote()
      await rollout.pausedAt(3)
      // Two of four is exactly half, one or two of three is not.
      await rollout.sizes('2/2')
      await kube.create('autoscaling/v2/horizontalpodautoscalers', autoscaler(namespace))
      const scaled = await rollout.until('scaled', ({ spec }) => spec.replicas === 6)
      await rollout.sizes('3/3')
      await rollout.until('counted', ({ status }) => status.HPAReplicas === 6)
      expect(scaled.status).toMatchObject({ phase: 'Paused', currentStepIndex: 3 })
    },
  },
  {
    name: 'Rollout: abort goes back to the stable pods, retry starts again, a full promotion skips what is left',
    async run(context) {
      const rollout = new TestRollout(context)
      await rollout.deploy(canary({ setWeight: 50 }, { pause: {} }), { replicas: 2 })
      await rollout.update('2')
      await rollout.pausedAt(1)
      await rollout.status({ abort: true })
      const aborted = await rollout.degraded()
      await rollout.sizes('2/0')
      expect(aborted.status).toMatchObject({
        abort: true,
        currentStepIndex: 0,
        message: 'RolloutAborted: Rollout aborted update to revision 2',
      })
      expect(aborted.status.pauseConditions).toBeUndefined()
      await rollout.status({ abort: false })
      const again = await rollout.pausedAt(1)
      await rollout.sizes('1/1')
      expect(again.status.abortedAt).toBeUndefined()
      await rollout.status({ promoteFull: true })
      const promoted = await rollout.healthy()
      await rollout.sizes('0/2')
      expect(promoted.status.promoteFull).toBeUndefined()
    },
  },
  {
    name: 'Rollout: undo takes the old ReplicaSet into use again; restart replaces every pod',
    async run(context) {
      const { kube, namespace } = context
      const rollout = new TestRollout(context)
      await rollout.deploy(canary(), { replicas: 2 })
      await rollout.update('2')
      await rollout.healthy()
      const [first] = await rollout.replicaSets()
      const template = structuredClone(first!.spec.template)
      delete template.metadata.labels[HASH]
      const patch = [{ op: 'replace', path: '/spec/template', value: template }]
      await kube.patch('argoproj.io/v1alpha1/rollouts', NAME, patch, { namespace, type: 'json' })
      const back = await rollout.healthy()
      expect(back.status.currentPodHash).toBe(hashOf(first!))
      expect(back.metadata.annotations).toMatchObject({ 'rollout.argoproj.io/revision': '3' })
      const before = await podUids(context)
      // Pods of the very second are not older than it.
      const restartAt = new Date(Date.now() + 1000).toISOString().replace(/\.\d+Z$/, 'Z')
      await rollout.spec({ restartAt })
      await rollout.until('restarted', ({ status }) => status.restartedAt === restartAt)
      await rollout.healthy()
      const after = await podUids(context)
      expect(after.filter((uid) => before.includes(uid))).toEqual([])
    },
  },
  {
    name: 'Rollout: a version that never comes up is aborted at its deadline; a wrong list of steps is named',
    async run(context) {
      const rollout = new TestRollout(context)
      await rollout.deploy(canary({ setWeight: 50 }), {
        progressDeadlineSeconds: 2,
        progressDeadlineAbort: true,
      })
      await rollout.update('2', { command: ['/no/such/program'] })
      const aborted = await rollout.until('aborted', ({ status }) => status.abort === true)
      expect(aborted.status.availableReplicas).toBe(1)
      await rollout.sizes('1/0')
      const steps = [{ setWeight: 10, pause: {} }]
      await rollout.spec({ strategy: { canary: { steps } } })
      const invalid = await rollout.until('refused', (one) => conditionOf(one, 'InvalidSpec') !== undefined)
      expect(invalid.status.phase).toBe('Degraded')
      expect(conditionOf(invalid, 'InvalidSpec').message).toMatch(
        /^The Rollout "web" is invalid: spec\.strategy\.steps\[0\]: Invalid value: .*: Step must have one of/,
      )
      await rollout.sizes('1/0')
    },
  },
  {
    name: 'Rollout: blue-green previews a version behind its own Service, and switches when a person says so',
    async run(context) {
      await createServices(context, 'active', 'preview')
      const rollout = new TestRollout(context)
      const first = await rollout.deploy({
        blueGreen: { activeService: 'active', previewService: 'preview', autoPromotionEnabled: false },
      })
      await rollout.update('2')
      const paused = await rollout.until('paused', ({ status }) => status.phase === 'Paused')
      expect(paused.status).toMatchObject({
        message: 'BlueGreenPause',
        blueGreen: {
          activeSelector: first.status.stableRS,
          previewSelector: paused.status.currentPodHash,
        },
      })
      expect(await selectorOf(context, 'active')).toBe(first.status.stableRS)
      expect(await selectorOf(context, 'preview')).toBe(paused.status.currentPodHash)
      await rollout.sizes('1/1')
      await rollout.promote()
      const done = await rollout.healthy()
      expect(await selectorOf(context, 'active')).toBe(done.status.currentPodHash)
      const [old] = await rollout.replicaSets()
      expect(Date.parse(old!.metadata.annotations!['scale-down-deadline']!)).toBeGreaterThan(
        Date.now() - 1000,
      )
    },
  },
  {
    name: 'Rollout: a step waits for its analyses by web request and by Job; a failed one aborts the update',
    async run(context) {
      const { kube, namespace } = context
      await createServices(context, 'answers')
      await kube.create(ANALYSIS_TEMPLATES, checkTemplate(context))
      const analysis = (crash: string) => ({
        analysis: { templates: [{ templateName: 'check' }], args: [{ name: 'crash', value: crash }] },
      })
      const rollout = new TestRollout(context)
      await rollout.deploy(canary({ setWeight: 50 }, analysis('0'), analysis('3')))
      await rollout.update('2')
      const aborted = await rollout.degraded()
      expect(aborted.status.message).toBe(
        'RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed: ' +
          'Metric "job" assessed Failed due to failed (1) > failureLimit (0)',
      )
      const { items } = await kube.list(ANALYSIS_RUNS, { namespace })
      const prefix = `${NAME}-${aborted.status.currentPodHash}-2`
      expect(items.map(({ metadata, status }) => [metadata.name, status.phase]).sort()).toEqual([
        [`${prefix}-1`, 'Successful'],
        [`${prefix}-2`, 'Failed'],
      ])
      const good = items.find(({ status }) => status.phase === 'Successful')!
      const measured = Object.fromEntries(
        good.status.metricResults.map((result: any) => [result.name, result.measurements[0]]),
      )
      expect(measured).toMatchObject({
        web: { phase: 'Successful', value: expect.stringMatching(/^"[12]"$/) },
        job: { phase: 'Successful', metadata: { 'job-namespace': namespace } },
      })
    },
  },
]

/** One metric asks the pods for their version, one is a Job that ends with the code of the argument. */
function checkTemplate({ namespace, webImage }: ContractContext) {
  const pod = {
    restartPolicy: 'Never',
    containers: [{ name: 'check', image: webImage, env: [{ name: 'CRASH', value: '{{args.crash}}' }] }],
  }
  const url = `http://answers.${namespace}.svc.cluster.local:8080/env`
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'check', namespace },
    spec: {
      args: [{ name: 'crash' }],
      metrics: [
        {
          name: 'web',
          successCondition: 'result == "1" || result == "2"',
          provider: { web: { url, jsonPath: '{$.VERSION}' } },
        },
        { name: 'job', provider: { job: { spec: { backoffLimit: 0, template: { spec: pod } } } } },
      ],
    },
  }
}

/** Wants at least six: no metrics are needed for that. */
function autoscaler(namespace: string) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: NAME, namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: NAME },
      minReplicas: 6,
      maxReplicas: 8,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '100' } },
        },
      ],
    },
  }
}

async function podUids({ kube, namespace }: ContractContext): Promise<string[]> {
  const { items } = await kube.list('v1/pods', { namespace, labelSelector: `app=${NAME}` })
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.uid!)
}
