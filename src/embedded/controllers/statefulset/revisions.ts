/** ControllerRevisions: the history of a StatefulSet's templates. */
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { templateHash } from '../shared/hash.ts'
import { controllerRef } from '../shared/owners.ts'
import { CONTROLLER_REVISIONS } from '../shared/resources.ts'

export interface Revisions {
  /** Names of ControllerRevisions, which are also the pods' revision labels. */
  current: string
  update: string
  currentTemplate: any
  updateTemplate: any
  changes: Change[]
}

/** Finds or plans the revision of the present template; a template that comes back gets the highest number. */
export function reconcileRevisions(set: KubeObject, history: KubeObject[]): Revisions {
  const update = `${set.metadata.name}-${templateHash(set.spec.template, set.status?.collisionCount)}`
  const highest = Math.max(0, ...history.map(({ revision = 0 }) => revision as number))
  const existing = history.find(({ metadata }) => metadata.name === update)
  const changes: Change[] = []
  if (!existing) {
    changes.push({
      verb: 'create',
      resource: CONTROLLER_REVISIONS,
      object: revisionOf(set, update, highest + 1),
    })
  } else if (existing.revision < highest) {
    const { namespace, name } = existing.metadata
    const patch = { revision: highest + 1 }
    changes.push({ verb: 'patch', resource: CONTROLLER_REVISIONS, namespace, name, patch })
  }
  const named = set.status?.currentRevision
  const stored = history.find(({ metadata }) => metadata.name === named)
  const updateTemplate = set.spec.template
  return stored
    ? { current: named, update, currentTemplate: templateOf(stored), updateTemplate, changes }
    : { current: update, update, currentTemplate: updateTemplate, updateTemplate, changes }
}

function revisionOf(set: KubeObject, name: string, revision: number): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace: set.metadata.namespace,
      labels: {
        ...set.spec.template.metadata?.labels,
        'controller.kubernetes.io/hash': name.slice(set.metadata.name.length + 1),
      },
      ownerReferences: [controllerRef(set)],
    },
    revision,
    data: { spec: { template: { ...structuredClone(set.spec.template), $patch: 'replace' } } },
  }
}

function templateOf(revision: KubeObject): unknown {
  const { $patch: _patch, ...template } = revision.data.spec.template
  return template
}

/** Revisions that no pod uses, beyond the limit; oldest first. */
export function expiredRevisions(set: KubeObject, history: KubeObject[], inUse: Set<string>): Change[] {
  const idle = history
    .filter(({ metadata }) => !inUse.has(metadata.name))
    .toSorted((a, b) => a.revision - b.revision)
  const excess = idle.slice(0, Math.max(0, idle.length - (set.spec.revisionHistoryLimit ?? 10)))
  return excess.map(({ metadata: { namespace, name } }) => ({
    verb: 'delete',
    resource: CONTROLLER_REVISIONS,
    namespace,
    name,
  }))
}
