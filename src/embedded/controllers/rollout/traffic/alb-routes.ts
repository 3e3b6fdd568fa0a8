/** Managed routes of AWS load balancers: requests with certain headers all go to the canary. */
import type { RolloutPlan } from '../plan.ts'
import { routedServices } from '../services/ping-pong.ts'
import type { HeaderMatch, HeaderRoute } from '../types.ts'
import { forwardAction, targetGroup } from './alb.ts'
import { annotationKey, changeIngresses, withManaged, withoutManaged } from './alb-ingress.ts'

/** Puts the route before all paths, in the order of managedRoutes; a step without `match` takes it away. */
export function setAlbHeaderRoute(plan: RolloutPlan, { name, match }: HeaderRoute): void {
  const { rollout, before } = plan
  const keys = routeKeys(plan, name)
  changeIngresses(plan, `to headerRoute '${name}'`, ({ annotations, rules }) => {
    if (!match) {
      return {
        annotations: withoutManaged(annotations, rollout.metadata.name, keys),
        rules: rules.map((rule) => withoutPath(rule, name)),
      }
    }
    const [action, condition] = keys
    const groups = [targetGroup(rollout, routedServices(rollout, before).canary, 100)]
    const route = { [action]: forwardAction(rollout, groups), [condition]: JSON.stringify(conditions(match)) }
    return {
      annotations: withManaged(annotations, rollout.metadata.name, route),
      rules: rules.map((rule) => withPath(rule, name, managedRoutes(plan))),
    }
  })
}

/** Takes all managed routes away: they would lead to pods that may go any moment. */
export function removeAlbRoutes(plan: RolloutPlan): void {
  const { rollout } = plan
  const routes = managedRoutes(plan)
  if (routes.length === 0) return
  const keys = routes.flatMap((name) => routeKeys(plan, name))
  changeIngresses(plan, 'removing managed routes', ({ annotations, rules }) => ({
    annotations: withoutManaged(annotations, rollout.metadata.name, keys),
    rules: rules.map((rule) => routes.reduce(withoutPath, rule)),
  }))
}

/** Names, the first before the others. */
function managedRoutes({ rollout }: RolloutPlan): string[] {
  const routes: { name: string }[] = rollout.spec.strategy.canary.trafficRouting.managedRoutes ?? []
  return routes.map(({ name }) => name)
}

function routeKeys({ rollout }: RolloutPlan, name: string): [action: string, condition: string] {
  return [annotationKey(rollout, 'actions', name), annotationKey(rollout, 'conditions', name)]
}

/** Two values of one header are two values of one condition. */
function conditions(match: HeaderMatch[]): unknown[] {
  const values = Map.groupBy(match, ({ headerName }) => headerName)
  return [...values].map(([httpHeaderName, matches]) => ({
    field: 'http-header',
    httpHeaderConfig: {
      httpHeaderName,
      values: matches.map(({ headerValue }) => headerValue?.exact ?? ''),
    },
  }))
}

function serviceOf(path: any): string | undefined {
  return path.backend?.service?.name
}

function withPath(rule: any, route: string, order: string[]): any {
  const paths: any[] = rule.http?.paths ?? []
  const added = {
    path: '/*',
    pathType: 'ImplementationSpecific',
    backend: { service: { name: route, port: { name: 'use-annotation' } } },
  }
  const all = paths.some((path) => serviceOf(path) === route) ? paths : [added, ...paths]
  const place = (path: any) => {
    const position = order.indexOf(serviceOf(path) ?? '')
    return position < 0 ? order.length : position
  }
  return { ...rule, http: { ...rule.http, paths: all.toSorted((a, b) => place(a) - place(b)) } }
}

function withoutPath(rule: any, route: string): any {
  const paths: any[] = rule.http?.paths ?? []
  if (!paths.some((path) => serviceOf(path) === route)) return rule
  return { ...rule, http: { ...rule.http, paths: paths.filter((path) => serviceOf(path) !== route) } }
}
