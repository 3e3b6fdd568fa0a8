/** Checks of a Rollout's strategy. Upstream leaves `canary` and `blueGreen` out of these paths. */
import type { KubeObject } from '../../../objects.ts'
import { revisionHistoryLimit } from '../spec.ts'
import { firstError, invalid, required } from './field-error.ts'
import { stepError } from './steps.ts'

const PATH = 'spec.strategy'

export function strategyError(rollout: KubeObject): string | undefined {
  const { canary, blueGreen } = rollout.spec.strategy ?? {}
  if (!canary && !blueGreen) {
    const field = '.spec.strategy.canary or .spec.strategy.blueGreen'
    return required(`${PATH}.strategy`, `Rollout has missing field '${field}'`)
  }
  if (canary && blueGreen) {
    return invalid(
      `${PATH}.strategy`,
      'blueGreen: true canary: true',
      'Multiple Strategies can not be listed',
    )
  }
  return blueGreen ? blueGreenError(rollout, blueGreen) : canaryError(canary)
}

function blueGreenError(rollout: KubeObject, blueGreen: any): string | undefined {
  const { activeService = '', previewService = '', scaleDownDelayRevisionLimit: limit } = blueGreen
  if (activeService === previewService) {
    const detail =
      'This rollout uses the same service for the active and preview services, but two different services are required.'
    return invalid(`${PATH}.activeService`, activeService, detail)
  }
  if (limit !== undefined && revisionHistoryLimit(rollout) < limit) {
    const detail =
      "This rollout's revision history limit can not be smaller than the rollout's scale down limit"
    return invalid(`${PATH}.scaleDownDelayRevisionLimit`, limit, detail)
  }
  return antiAffinityError(blueGreen.antiAffinity)
}

function canaryError(canary: any): string | undefined {
  return firstError(
    () => limitsError(canary),
    () => servicesError(canary),
    () => pingPongError(canary),
    () => routerServicesError(canary),
    () => (canary.trafficRouting ? routedError(canary) : unroutedError(canary)),
    () => stepError(canary),
    () => antiAffinityError(canary.antiAffinity),
  )
}

function limitsError({ maxSurge = '25%', maxUnavailable = '25%' }: any): string | undefined {
  const isZero = (value: number | string) => Number.parseInt(String(value), 10) === 0
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return undefined
  return invalid(`${PATH}.maxSurge`, maxSurge, 'MaxSurge and MaxUnavailable both can not be zero')
}

/** Routers that divide traffic between the two Services. */
const SERVICE_ROUTERS = ['alb', 'smi', 'apisix', 'ambassador', 'nginx', 'appMesh', 'traefik']

function servicesError({ canaryService, stableService }: any): string | undefined {
  if (!canaryService || canaryService !== stableService) return undefined
  const detail =
    'This rollout uses the same service for the stable and canary services, but two different services are required.'
  return invalid(`${PATH}.stableService`, stableService, detail)
}

function pingPongError({ pingPong, trafficRouting }: any): string | undefined {
  if (!pingPong) return undefined
  const { pingService = '', pongService = '' } = pingPong
  if (trafficRouting && !trafficRouting.alb && !trafficRouting.istio) {
    const detail = 'Ping-pong feature works with the ALB and Istio traffic routers only'
    return invalid(`${PATH}.trafficRouting.alb`, null, detail)
  }
  const missing = 'Ping service and Pong service must to be set to use Ping-Pong feature'
  if (!pingService) return invalid(`${PATH}.pingPong.pingService`, pingService, missing)
  if (!pongService) return invalid(`${PATH}.pingPong.pongService`, pongService, missing)
  if (pingService === pongService) {
    const detail =
      'This rollout uses the same service for the ping and pong services, but two different services are required.'
    return invalid(`${PATH}.pingPong.pingService`, pingService, detail)
  }
  if (!trafficRouting?.alb || trafficRouting.alb.rootService) return undefined
  const detail = 'Root service field is required for the configuration with ALB and ping-pong feature enabled'
  return invalid(`${PATH}.trafficRouting.alb.rootService`, '', detail)
}

function routerServicesError(canary: any): string | undefined {
  const { canaryService, stableService, trafficRouting, pingPong } = canary
  const routers = SERVICE_ROUTERS.filter((router) => trafficRouting?.[router])
  if (!routers.some((router) => router !== 'alb' || !pingPong)) return undefined
  const detail = 'Canary service and Stable service must to be set to use Traffic Routing'
  if (!stableService) return invalid(`${PATH}.stableService`, stableService ?? '', detail)
  return canaryService ? undefined : invalid(`${PATH}.canaryService`, canaryService ?? '', detail)
}

function unroutedError({ scaleDownDelaySeconds, dynamicStableScale }: any): string | undefined {
  const only = (field: string) => `Canary ${field} can only be used with traffic routing`
  if (scaleDownDelaySeconds !== undefined) {
    return invalid(`${PATH}.scaleDownDelaySeconds`, scaleDownDelaySeconds, only('scaleDownDelaySeconds'))
  }
  if (!dynamicStableScale) return undefined
  return invalid(`${PATH}.dynamicStableScale`, true, only('dynamicStableScale'))
}

function routedError({ scaleDownDelaySeconds, dynamicStableScale, trafficRouting }: any): string | undefined {
  if (dynamicStableScale && scaleDownDelaySeconds !== undefined) {
    const detail = 'Canary dynamicStableScale cannot be used with scaleDownDelaySeconds'
    return invalid(`${PATH}.dynamicStableScale`, true, detail)
  }
  const { maxTrafficWeight, nginx, plugins = {} } = trafficRouting
  if (maxTrafficWeight === undefined || nginx || Object.keys(plugins).length > 0) return undefined
  const detail = 'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins'
  return invalid(`${PATH}.trafficRouting.maxTrafficWeight`, maxTrafficWeight, detail)
}

function antiAffinityError(antiAffinity: any): string | undefined {
  if (!antiAffinity) return undefined
  const preferred = antiAffinity.preferredDuringSchedulingIgnoredDuringExecution
  const hard = antiAffinity.requiredDuringSchedulingIgnoredDuringExecution
  const path = `${PATH}.antiAffinity`
  if (Boolean(preferred) === Boolean(hard)) {
    const names = ['Preferred', 'Required'].map(
      (name) => `antiAffinity.${name}DuringSchedulingIgnoredDuringExecution`,
    )
    const value = `${names[0]}: ${Boolean(preferred)} ${names[1]}: ${Boolean(hard)}`
    return invalid(path, value, 'AntiAffinity must have exactly one strategy listed')
  }
  if (!preferred || (preferred.weight >= 1 && preferred.weight <= 100)) return undefined
  return invalid(`${path}.weight`, preferred.weight, 'AntiAffinity weight must be between 1-100')
}
