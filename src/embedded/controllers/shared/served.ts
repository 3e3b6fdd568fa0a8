/** The served resource types as the controllers that look at all of them want them. */
import type { Catalog } from '../../schema/types.ts'
import type { ServedResource } from './resources.ts'

const NEEDED_VERBS = ['list', 'watch', 'delete']

/** Every type that can be listed, watched and deleted; of several versions of one type only the preferred. */
export function servedResources(catalog: Pick<Catalog, 'resources'>): ServedResource[] {
  const seen = new Set<string>()
  return catalog.resources().flatMap(({ group, version, plural, namespaced, verbs }) => {
    const type = `${group}/${plural}`
    if (seen.has(type) || !NEEDED_VERBS.every((verb) => verbs.includes(verb))) return []
    seen.add(type)
    return [{ resource: group ? `${group}/${version}/${plural}` : `${version}/${plural}`, namespaced }]
  })
}
