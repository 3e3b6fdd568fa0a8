/** The comparison of an Application: targets against live objects, and the sync status and health that follow. */
import type { KubeObject, Manifest, Resource } from '../../objects.ts'
import { deleteRule, hasCompareOption, isHook, isSkipped, pruneRule, waveOf } from './annotations.ts'
import { healthOf, worse } from './health/health.ts'
import { IGNORE_HEALTHCHECK } from './names.ts'
import { groupOf, keyOfObject, versionOf } from './tracking.ts'
import type { Health, HealthCode, ResourceStatus, SyncCode } from './types.ts'

/** A target and the live object of its key; at least one of them is there. */
export interface Pair {
  key: string
  /** Undefined when nothing serves the kind. */
  resource: Resource | undefined
  target?: Manifest
  live?: KubeObject
  /** Whether an apply would change the live object; false unless both are there. */
  modified: boolean
  /** The project does not permit its kind: 'kind'; or its namespace. */
  refused?: 'kind' | 'namespace' | undefined
  /** Its tracking id is a copy of another object's. */
  foreign?: boolean
}

export interface ComparedApplication {
  sync: SyncCode
  health: HealthCode
  resources: ResourceStatus[]
}

/** Pure: rows, sync status and health of an Application whose pairs are known. `appKey` is its own key. */
export function assess(pairs: Pair[], syncOptions: string[], appKey: string): ComparedApplication {
  const sorted = pairs.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
  const resources = sorted.map((pair) => rowOf(pair, syncOptions))
  const outOfSync = sorted.some((pair) => countsAsOutOfSync(pair))
  return { sync: outOfSync ? 'OutOfSync' : 'Synced', health: healthOfAll(sorted, appKey), resources }
}

function order({ key, target, live }: Pair): string {
  return `${key}\0${versionOf((live ?? target)!.apiVersion)}`
}

/** Hooks and skipped objects have no sync status of their own. */
function hasSyncStatus({ target, live, foreign }: Pair): boolean {
  const object = (live ?? target)!
  return !foreign && !isHook(object) && !isSkipped(object) && !(target && isSkipped(target))
}

function statusOf(pair: Pair): SyncCode {
  if (pair.refused === 'kind') return 'Unknown'
  return pair.modified || !pair.target || !pair.live ? 'OutOfSync' : 'Synced'
}

function countsAsOutOfSync(pair: Pair): boolean {
  if (!hasSyncStatus(pair) || statusOf(pair) !== 'OutOfSync') return false
  return !(!pair.target && hasCompareOption(pair.live!, 'IgnoreExtraneous'))
}

function rowOf(pair: Pair, syncOptions: string[]): ResourceStatus {
  const { target, live } = pair
  const object = (live ?? target)!
  const group = groupOf(object.apiVersion)
  const wave = target ? waveOf(target) : 0
  const confirm = [target, live].some((one) => one && needsConsent(one, syncOptions))
  const { namespace, name } = object.metadata
  return {
    ...(group ? { group } : {}),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    ...(namespace ? { namespace } : {}),
    name: name ?? '',
    ...(hasSyncStatus(pair) ? { status: statusOf(pair) } : {}),
    ...(isHook(object) ? { hook: true } : {}),
    ...(!target && !pair.foreign ? { requiresPruning: true } : {}),
    ...(confirm ? { requiresDeletionConfirmation: true } : {}),
    ...(wave === 0 ? {} : { syncWave: wave }),
  }
}

/** Whether somebody must agree before it is pruned, or deleted with its Application. */
function needsConsent(object: Manifest, syncOptions: string[]): boolean {
  return [pruneRule(object, syncOptions), deleteRule(object, syncOptions)].includes('confirm')
}

/** The worst of what is live; Missing when there should be something and nothing is. */
function healthOfAll(pairs: Pair[], appKey: string): HealthCode {
  const counted = pairs.filter((pair) => hasSyncStatus(pair) && pair.key !== appKey)
  if (counted.length > 0 && counted.every(({ live }) => !live)) return 'Missing'
  return counted.reduce<HealthCode>((worst, { live }) => {
    const health = live && healthThatCounts(live)
    return health ? worse(worst, health.status) : worst
  }, 'Healthy')
}

function healthThatCounts(live: KubeObject): Health | undefined {
  return live.metadata.annotations?.[IGNORE_HEALTHCHECK] === 'true' ? undefined : healthOf(live)
}

/** Images of the live objects' pods and addresses of Ingresses: `status.summary`. */
export function summaryOf(pairs: Pair[]): { images?: string[]; externalURLs?: string[] } {
  const live = pairs.flatMap((pair) => pair.live ?? [])
  const images = [...new Set(live.flatMap((object) => imagesOf(object)))].sort()
  const externalURLs = [...new Set(live.flatMap(urlsOf))].sort()
  return {
    ...(images.length > 0 ? { images } : {}),
    ...(externalURLs.length > 0 ? { externalURLs } : {}),
  }
}

/** Container images of an object's pod template. */
export function imagesOf(object: Manifest): string[] {
  const spec =
    object.kind === 'Pod'
      ? object.spec
      : (object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec)
  const containers: { image?: string }[] = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
  return containers.flatMap(({ image }) => image ?? [])
}

function urlsOf({ kind, spec }: KubeObject): string[] {
  if (kind !== 'Ingress') return []
  // Argo CD looks at the certificate, not at whose it is.
  const secure = (spec?.tls ?? []).some(({ secretName }: { secretName?: string }) => secretName)
  return (spec?.rules ?? []).flatMap(
    ({ host, http }: { host?: string; http?: { paths?: { path?: string }[] } }) =>
      host
        ? (http?.paths ?? []).map(({ path = '/' }) => `${secure ? 'https' : 'http'}://${host}${path}`)
        : [],
  )
}

/** Key of an Application as an object: app-of-apps never waits for itself. */
export function keyOfApplication(app: KubeObject): string {
  return keyOfObject(app)
}
