/** Argo Rollouts with a traffic router: the weights that it is told, and pods apart from weights. */
import { expect } from 'vitest'
import { type ContractCase, type ContractContext, eventually } from '../case.ts'
import { createServices, NAME, selectorOf, TestRollout } from '../rollout.ts'

const INGRESSES = 'networking.k8s.io/v1/ingresses'
const CANARY_INGRESS = `${NAME}-${NAME}-canary`
const CANARY_WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight'

export const rolloutTrafficCases: ContractCase[] = [
  {
    name: 'Rollout: an Ingress gets the weights; setCanaryScale, dynamicStableScale and a skipped step',
    async run(context) {
      const { kube, namespace } = context
      await createServices(context, 'stable', 'canary')
      await kube.create(INGRESSES, ingress(namespace))
      const rollout = new TestRollout(context)
      const first = await rollout.deploy(
        {
          canary: {
            stableService: 'stable',
            canaryService: 'canary',
            dynamicStableScale: true,
            trafficRouting: { nginx: { stableIngress: NAME } },
            steps: [
              { setCanaryScale: { replicas: 2 } },
              { pause: {} },
              { setWeight: 25 },
              { pause: {} },
              { setCanaryScale: { matchTrafficWeight: true } },
              { setWeight: 50 },
              { pause: {} },
            ],
          },
        },
        { replicas: 4 },
      )
      await weight(context, '0')
      await rollout.update('2')
      const canaried = await rollout.pausedAt(1)
      // Pods without traffic: the stable side keeps all of its own.
      await rollout.sizes('4/2')
      expect(await selectorOf(context, 'stable')).toBe(first.status.stableRS)
      expect(await selectorOf(context, 'canary')).toBe(canaried.status.currentPodHash)
      await rollout.promote()
      const weighted = await rollout.pausedAt(3)
      await weight(context, '25')
      // A step counts the canary's pods: the stable side does not follow its traffic then.
      await rollout.sizes('4/2')
      expect(weighted.status.canary.weights).toMatchObject({
        canary: { weight: 25, serviceName: 'canary', podTemplateHash: canaried.status.currentPodHash },
        stable: { weight: 75, serviceName: 'stable', podTemplateHash: first.status.stableRS },
      })
      // As promote --skip-current-step writes it.
      await rollout.status({ currentStepIndex: 4 })
      await rollout.pausedAt(6)
      await weight(context, '50')
      await rollout.sizes('2/2')
      await rollout.status({ abort: true })
      await rollout.degraded()
      await weight(context, '0')
      await rollout.sizes('4/0')
      await rollout.status({ abort: false, promoteFull: true })
      await rollout.healthy()
      await weight(context, '0')
      await rollout.sizes('0/4')
    },
  },
  {
    name: 'Rollout: blue-green promotes by itself after its time; the old version goes after its delay',
    async run(context) {
      await createServices(context, 'active')
      const rollout = new TestRollout(context)
      const first = await rollout.deploy({
        blueGreen: { activeService: 'active', autoPromotionSeconds: 1, scaleDownDelaySeconds: 2 },
      })
      await rollout.update('2')
      const promoted = await rollout.until(
        'promoted',
        ({ status }) => status.phase === 'Healthy' && status.stableRS !== first.status.stableRS,
      )
      expect(await selectorOf(context, 'active')).toBe(promoted.status.currentPodHash)
      await rollout.sizes('0/1')
    },
  },
  {
    name: 'Rollout: workloadRef takes a Deployment over and follows its template; old revisions are forgotten',
    async run(context) {
      const { kube, namespace } = context
      const deployments = 'apps/v1/deployments'
      const rollout = new TestRollout(context)
      const deployment = (version: string) => rollout.deployment(version, 2)
      await kube.create(deployments, deployment('1'))
      const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME, scaleDown: 'onsuccess' }
      const first = await rollout.deploy(
        { canary: {} },
        { replicas: 2, workloadRef, template: undefined, selector: undefined, revisionHistoryLimit: 1 },
      )
      expect(first.status.workloadObservedGeneration).toMatch(/^[12]$/)
      await eventually(kube, deployments, NAME, namespace, (object) =>
        object?.spec.replicas === 0 ? undefined : `replicas ${object?.spec.replicas}`,
      )
      for (const version of ['2', '3']) {
        const { template } = deployment(version).spec
        await kube.patch(deployments, NAME, { spec: { template } }, { namespace })
        const revision = { 'rollout.argoproj.io/revision': version }
        const next = await rollout.until(
          `Healthy at revision ${version}`,
          ({ status, metadata }) =>
            status.phase === 'Healthy' &&
            metadata.annotations?.['rollout.argoproj.io/revision'] === version &&
            status.stableRS === status.currentPodHash,
        )
        expect(next.metadata.annotations).toMatchObject(revision)
      }
      await rollout.sizes('0/2')
    },
  },
]

/** Nothing need route by it: the controller writes a second one beside it. */
function ingress(namespace: string) {
  const backend = { service: { name: 'stable', port: { number: 8080 } } }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: NAME, namespace },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        { host: `${namespace}.example`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
      ],
    },
  }
}

async function weight({ kube, namespace }: ContractContext, wanted: string): Promise<void> {
  await eventually(kube, INGRESSES, CANARY_INGRESS, namespace, (object) => {
    const found = object?.metadata.annotations?.[CANARY_WEIGHT]
    return found === wanted ? undefined : `canary-weight ${found}, wanted ${wanted}`
  })
}
