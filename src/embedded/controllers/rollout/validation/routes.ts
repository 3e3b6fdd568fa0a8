/** Checks of steps that route by headers or mirror requests. */
import type { CanaryStep, HeaderRoute, StringMatch } from '../types.ts'
import { firstError, invalid, required } from './field-error.ts'

const ROUTES = 'spec.strategy.trafficRouting.managedRoutes'
/** Routers that can route by headers. */
const HEADER_ROUTERS = ['istio', 'alb', 'apisix']

/** The first error of a setHeaderRoute or setMirrorRoute step; `path` is the step's. */
export function routeError(step: CanaryStep, path: string, trafficRouting: any): string | undefined {
  const { setHeaderRoute: header, setMirrorRoute: mirror } = step
  return firstError(
    () => header && headerError(header, `${path}.setHeaderRoute`, trafficRouting),
    () => mirror && mirrorError(mirror, `${path}.setMirrorRoute`, trafficRouting),
    () => managedError(step, path, trafficRouting),
  )
}

function headerError(route: HeaderRoute, path: string, trafficRouting: any): string | undefined {
  const plugins = Object.keys(trafficRouting?.plugins ?? {}).length
  if (plugins === 0 && !HEADER_ROUTERS.some((router) => trafficRouting?.[router])) {
    const detail = 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix'
    return invalid(path, route, detail)
  }
  const check = trafficRouting.alb ? exactError : matchError
  return firstError(
    ...(route.match ?? []).map(
      ({ headerValue }, index) =>
        () =>
          check(headerValue, `${path}.match[${index}]`),
    ),
  )
}

type MirrorRoute = NonNullable<CanaryStep['setMirrorRoute']>

function mirrorError(route: MirrorRoute, path: string, trafficRouting: any): string | undefined {
  if (!trafficRouting?.istio) {
    return invalid(path, route, 'SetMirrorRoute requires TrafficRouting, supports Istio only')
  }
  return firstError(
    ...(route.match ?? []).flatMap(({ method, path: url }, index) =>
      [method, url].map((value) => () => value && matchError(value, `${path}.match[${index}]`)),
    ),
  )
}

/** A load balancer compares whole values. */
function exactError(value: StringMatch | undefined, path: string): string | undefined {
  if (!value) return matchError(value, path)
  if (value.exact && !value.regex && !value.prefix) return undefined
  return invalid(path, value, "SetHeaderRoute match value invalid. ALB supports 'exact' value only")
}

function matchError(value: StringMatch | undefined, path: string): string | undefined {
  const given = [value?.exact, value?.regex, value?.prefix].filter(Boolean).length
  const kinds = 'one of the following: exact, regex, prefix'
  if (given > 1) return invalid(path, value, `StringMatch match value must have exactly ${kinds}`)
  if (given === 1) return undefined
  return invalid(path, value ?? null, `StringMatch value missed, match value must have ${kinds}`)
}

/** Routes must be listed: only so does the controller know which are its own to remove. */
function managedError(step: CanaryStep, path: string, trafficRouting: any): string | undefined {
  for (const kind of ['setHeaderRoute', 'setMirrorRoute'] as const) {
    const name = step[kind]?.name
    if (name === undefined || !trafficRouting) continue
    const routes: { name: string }[] | undefined = trafficRouting.managedRoutes
    if (!routes) {
      const field = 'spec.strategy.canary.trafficRouting.managedRoutes'
      return required(ROUTES, `Rollout has missing field '${field}'`)
    }
    if (routes.some((route) => route.name === name)) continue
    const detail = `Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes`
    return invalid(`${path}.${kind}`, name, detail)
  }
  return undefined
}
