/** KEDA: from a trigger to replicas and back, pausing, and what it refuses. */
import { expect } from 'vitest'
import type { KubeObject } from '../../../src/lib/kube/object.ts'
import { type ContractCase, type ContractContext, eventually, webDeployment } from '../case.ts'
import { conditionOf } from '../rollout.ts'

const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'
const DEPLOYMENTS = 'apps/v1/deployments'
const HPAS = 'autoscaling/v2/horizontalpodautoscalers'
const EVENTS = 'v1/events'
const NAME = 'web'
const HPA = `keda-hpa-${NAME}`
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas'

export const kedaCases: ContractCase[] = [
  {
    name: 'KEDA: a trigger wakes a workload from 0 and scales it by an HPA; a pause takes both away and gives them back',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(DEPLOYMENTS, webDeployment(context, NAME, 0))
      await kube.create(SCALED_OBJECTS, scaledObject(context, NAME, cron(2)))
      await replicas(context, 2)
      const active = await eventually(kube, SCALED_OBJECTS, NAME, namespace, (object) =>
        conditionOf(object, 'Active')?.status === 'True' ? undefined : 'not Active',
      )
      expect(conditionOf(active, 'Ready')).toMatchObject({ status: 'True', reason: 'ScaledObjectReady' })
      expect(active.status).toMatchObject({
        hpaName: HPA,
        originalReplicaCount: 0,
        scaleTargetKind: 'apps/v1.Deployment',
        triggersTypes: 'cron',
        externalMetricNames: [expect.stringMatching(/^s0-cron-UTC-/)],
      })
      const hpa = await kube.get(HPAS, HPA, { namespace })
      expect(hpa.spec).toMatchObject({
        minReplicas: 1,
        maxReplicas: 4,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME },
        metrics: [{ type: 'External', external: { target: { type: 'AverageValue', averageValue: '1' } } }],
      })
      expect(hpa.metadata.ownerReferences).toMatchObject([{ kind: 'ScaledObject', name: NAME }])
      await annotate(context, '0')
      await replicas(context, 0)
      await eventually(kube, HPAS, HPA, namespace, (object) => (object ? 'still there' : undefined))
      const paused = await eventually(kube, SCALED_OBJECTS, NAME, namespace, (object) =>
        conditionOf(object, 'Paused')?.status === 'True' ? undefined : 'not Paused',
      )
      expect(paused.status.pausedReplicaCount).toBe(0)
      await annotate(context, null)
      await replicas(context, 2)
      await kube.delete(SCALED_OBJECTS, NAME, { namespace })
      await eventually(kube, HPAS, HPA, namespace, (object) => (object ? 'still there' : undefined))
      // Without restoreToOriginalReplicaCount the workload stays as it is.
      expect((await kube.get(DEPLOYMENTS, NAME, { namespace })).spec.replicas).toBe(2)
    },
  },
  {
    name: 'KEDA: outside of its time a workload rests at 0, the HPA stays and says that it is disabled',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(DEPLOYMENTS, webDeployment(context, NAME, 1))
      await kube.create(SCALED_OBJECTS, scaledObject(context, NAME, cron(2, 4)))
      await replicas(context, 0)
      const resting = await eventually(kube, SCALED_OBJECTS, NAME, namespace, (object) =>
        conditionOf(object, 'Active')?.status === 'False' ? undefined : 'not resting',
      )
      expect(conditionOf(resting, 'Active')).toMatchObject({ reason: 'ScalerNotActive' })
      await eventually(kube, HPAS, HPA, namespace, (object) =>
        conditionOf(object, 'ScalingActive')?.reason === 'ScalingDisabled' ? undefined : 'not disabled',
      )
    },
  },
  {
    name: 'KEDA: a target that is missing is named in Ready and in an event; a second ScaledObject of one target is refused',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(SCALED_OBJECTS, scaledObject(context, NAME, cron(1)))
      const failed = await eventually(kube, SCALED_OBJECTS, NAME, namespace, (object) =>
        conditionOf(object, 'Ready')?.status === 'False' ? undefined : 'Ready is not False',
      )
      expect(conditionOf(failed, 'Ready')).toMatchObject({
        reason: 'ScaledObjectCheckFailed',
        message: expect.stringMatching(/^ScaledObject doesn't have correct scaleTargetRef specification/),
      })
      const events = await kube.list(EVENTS, { namespace })
      expect(events.items.filter(({ type }) => type === 'Warning').map(({ reason }) => reason)).toContain(
        'ScaledObjectCheckFailed',
      )
      await expect(
        kube.create(SCALED_OBJECTS, { ...scaledObject(context, 'other', cron(1)) }),
      ).rejects.toMatchObject({
        code: 403,
        message: expect.stringContaining(
          `admission webhook "vscaledobject.kb.io" denied the request: the workload '${NAME}' of type 'apps/v1.Deployment' is already managed by the ScaledObject '${NAME}'`,
        ),
      })
    },
  },
]

/** A trigger that is on from now minus `fromHours` for four hours; with 4, a time that has passed. */
function cron(desiredReplicas: number, fromHours = 2): object {
  const at = (hours: number) => {
    const time = new Date(Date.now() + hours * 3_600_000 - 60_000)
    return `${time.getUTCMinutes()} ${time.getUTCHours()} * * *`
  }
  const metadata = { timezone: 'UTC', start: at(-fromHours), end: at(4 - fromHours) }
  return { type: 'cron', metadata: { ...metadata, desiredReplicas: String(desiredReplicas) } }
}

function scaledObject({ namespace }: ContractContext, name: string, trigger: object): KubeObject {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { name: NAME },
      pollingInterval: 1,
      cooldownPeriod: 1,
      maxReplicaCount: 4,
      triggers: [trigger],
    },
  }
}

async function annotate({ kube, namespace }: ContractContext, replicas: string | null): Promise<void> {
  const patch = { metadata: { annotations: { [PAUSED_REPLICAS]: replicas } } }
  await kube.patch(SCALED_OBJECTS, NAME, patch, { namespace })
}

async function replicas({ kube, namespace }: ContractContext, wanted: number): Promise<void> {
  await eventually(kube, DEPLOYMENTS, NAME, namespace, (object) => {
    const ready = object?.status?.readyReplicas ?? 0
    return object?.spec.replicas === wanted && ready === wanted
      ? undefined
      : `${ready} ready of ${object?.spec.replicas}, wanted ${wanted}`
  })
}
