/** Status of a CustomResourceDefinition: which names it got, and whether it is served. */
import type { KubeObject } from '../../objects.ts'

export interface Condition {
  type: string
  status: 'True' | 'False'
  lastTransitionTime: string
  reason: string
  message: string
}

/** The status with NamesAccepted and Established decided; `others` are the definitions it may clash with. */
export function acceptedStatus(
  definition: KubeObject,
  others: KubeObject[],
  now: string,
): Record<string, unknown> {
  const { spec, status = {} } = definition
  const conflict = nameConflict(spec, others)
  const wasEstablished = (status.conditions ?? []).some(
    (condition: Condition) => condition.type === 'Established' && condition.status === 'True',
  )
  const names: Condition = conflict
    ? { type: 'NamesAccepted', status: 'False', lastTransitionTime: now, ...conflict }
    : {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime: now,
        reason: 'NoConflicts',
        message: 'no conflicts found',
      }
  const established: Condition =
    conflict && !wasEstablished
      ? {
          type: 'Established',
          status: 'False',
          lastTransitionTime: now,
          reason: 'NotAccepted',
          message: 'not all names are accepted',
        }
      : {
          type: 'Established',
          status: 'True',
          lastTransitionTime: now,
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
  return {
    ...status,
    conditions: withCondition(withCondition(status.conditions ?? [], names), established),
    acceptedNames: conflict ? (status.acceptedNames ?? { plural: '', kind: '' }) : spec.names,
    storedVersions: status.storedVersions ?? [],
  }
}

/** The conditions with one replaced or added; its time moves only when its status changes. */
export function withCondition(conditions: Condition[], condition: Condition): Condition[] {
  const at = conditions.findIndex(({ type }) => type === condition.type)
  const old = conditions[at]
  if (!old) return [...conditions, condition]
  const lastTransitionTime =
    old.status === condition.status ? old.lastTransitionTime : condition.lastTransitionTime
  return conditions.with(at, { ...condition, lastTransitionTime })
}

/** The first of a definition's names that another definition of its group has. */
export function nameConflict(
  spec: any,
  others: KubeObject[],
): { reason: string; message: string } | undefined {
  const taken = others
    .filter((other) => other.spec?.group === spec.group)
    .map((other) => other.status?.acceptedNames ?? {})
  const resources = new Set(
    taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]),
  )
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind]))
  const { plural, singular, shortNames = [], kind, listKind } = spec.names
  const used = (name: string) => `${JSON.stringify(name)} is already in use`
  if (resources.has(plural)) return { reason: 'PluralConflict', message: used(plural) }
  if (singular && resources.has(singular)) return { reason: 'SingularConflict', message: used(singular) }
  const short = (shortNames as string[]).find((name) => resources.has(name))
  if (short !== undefined) return { reason: 'ShortNamesConflict', message: used(short) }
  if (kinds.has(kind)) return { reason: 'KindConflict', message: used(kind) }
  if (listKind && kinds.has(listKind)) return { reason: 'ListKindConflict', message: used(listKind) }
  return undefined
}
