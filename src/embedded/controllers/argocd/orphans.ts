/** The warning about objects of the destination's namespace that no Application knows. */
import type { Client } from '../../client.ts'
import type { KubeObject } from '../../objects.ts'
import { parseKey } from '../../objects.ts'
import { keyOfTrackingName, trackingName } from './app-name.ts'
import type { Pair } from './compare.ts'
import { glob } from './glob.ts'
import type { ManagedObjects } from './managed-objects.ts'
import { APPLICATIONS } from './names.ts'
import { refusal } from './project.ts'
import { groupOf, keyOfObject, trackedBy } from './tracking.ts'
import type { AppCondition, Application, AppProject, OrphanedResources } from './types.ts'

interface OrphanTools {
  client: Client
  managed: ManagedObjects
  controllerNamespace: string
}

/** What every namespace has by itself. */
const USUAL = new Set(['/ServiceAccount/default', '/ConfigMap/kube-root-ca.crt'])

/** One condition, or none: only a project that sets orphanedResources asks for it. */
export function orphanWarnings(
  app: Application,
  project: AppProject,
  pairs: Pair[],
  tools: OrphanTools,
): AppCondition[] {
  const { orphanedResources } = project.spec
  const { namespace } = app.spec.destination
  const asked = orphanedResources !== undefined && orphanedResources.warn !== false && namespace
  tools.managed.expectOrphans(trackingName(app, tools.controllerNamespace), asked || undefined)
  if (!asked) return []
  const count = countOrphans(asked, orphanedResources, project, pairs, tools)
  if (count === 0) return []
  return [{ type: 'OrphanedResourceWarning', message: `Application has ${count} orphaned resources` }]
}

/** Objects without an owner that nobody manages, with all that they own. */
function countOrphans(
  namespace: string,
  settings: OrphanedResources,
  project: AppProject,
  pairs: Pair[],
  { client, managed, controllerNamespace }: OrphanTools,
): number {
  const known = new Set(pairs.map(({ key }) => key))
  const objects = new Map<string, KubeObject>()
  for (const resource of managed.resources) {
    for (const object of client.list(resource, { namespace })) objects.set(object.metadata.uid, object)
  }
  const isOrphan = (object: KubeObject): boolean => {
    const owners = object.metadata.ownerReferences ?? []
    if (owners.length > 0) {
      return owners.some(({ uid }) => objects.has(uid) && isOrphan(objects.get(uid)!))
    }
    const { apiVersion, kind } = object
    const permitted = !refusal(project, { group: groupOf(apiVersion), kind, namespace }, true)
    return permitted && !known.has(keyOfObject(object)) && !isIgnored(object, settings) && !isManaged(object)
  }
  const isManaged = (object: KubeObject): boolean => {
    const tracking = trackedBy(object)
    if (!tracking) return false
    const { namespace: home, name } = parseKey(keyOfTrackingName(tracking.appName, controllerNamespace))
    return client.get(APPLICATIONS, home, name) !== undefined
  }
  return [...objects.values()].filter((object) => object.metadata.namespace && isOrphan(object)).length
}

function isIgnored({ apiVersion, kind, metadata }: KubeObject, { ignore = [] }: OrphanedResources): boolean {
  const group = groupOf(apiVersion)
  const { name, namespace } = metadata
  if (USUAL.has(`${group}/${kind}/${name}`)) return true
  if (namespace === 'default' && group === '' && kind === 'Service' && name === 'kubernetes') return true
  return ignore.some(
    (rule) =>
      (!rule.kind || glob(kind, rule.kind)) &&
      glob(group, rule.group ?? '') &&
      (!rule.name || glob(name, rule.name)),
  )
}
