/** Rules on canaries. */
import { found, rule } from '../finding.ts'
import { ofKind, scalersOn } from '../input.ts'

const hpa = rule(
  'hpa-during-canary',
  'an autoscaler on a Rollout whose weights are realised by replicas',
  (input) =>
    ofKind(input, 'Rollout').flatMap((rollout) => {
      const [scaler] = scalersOn(input, rollout)
      const canary = rollout.object.spec?.strategy?.canary
      if (!scaler || !canary?.steps?.length || canary.trafficRouting) return []
      const { kind, metadata } = scaler.object
      const why = `${kind} ${metadata.name} may scale it amid a canary. Without a traffic router weights are shares of the replicas, so each scaling moves the canary's share.`
      return [
        found(
          'warning',
          rollout,
          why,
          'Use trafficRouting, or a minReplicas that carries a release without scaling.',
        ),
      ]
    }),
)

const coarse = rule('coarse-canary', 'a first canary step that a lone replica cannot realise', (input) =>
  ofKind(input, 'Rollout').flatMap((rollout) => {
    const { spec } = rollout.object
    const canary = spec?.strategy?.canary
    const first: number | undefined = canary?.steps?.find((step: any) => step.setWeight > 0)?.setWeight
    const { maxSurge = '25%', maxUnavailable = '25%' } = canary ?? {}
    if (first === undefined || first === 100 || canary.trafficRouting || scalersOn(input, rollout).length > 0)
      return []
    if ((spec.replicas ?? 1) !== 1 || Number.parseInt(String(maxSurge), 10) > 0) return []
    const why = `With one replica and maxSurge ${maxSurge} (maxUnavailable ${maxUnavailable}) there is no room for a canary beside the stable pod: below 50 % it gets no pod, from there on all.`
    return [found('warning', rollout, why, 'Set maxSurge: 1, or run more replicas.')]
  }),
)

export const ROLLOUTS = [hpa, coarse]
