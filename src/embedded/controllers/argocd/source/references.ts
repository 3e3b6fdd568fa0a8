/** Value files that lie in the repository of another source: `$name/path`, where a source has `ref: name`. */
import type { Sources } from '../sources.ts'
import type { ApplicationSource } from '../types.ts'

export interface Reference {
  source: ApplicationSource
  /** Its resolved revision. */
  revision: string
}

/** The sources that others may name, by `$name`. Throws for a name that cannot be used, or is used twice. */
export function referencesOf({ list }: Sources, revisions: string[]): Map<string, Reference> {
  const references = new Map<string, Reference>()
  for (const [at, source] of list.entries()) {
    const { ref } = source
    if (!ref) continue
    if (!/^[\w-]+$/.test(ref)) {
      throw new Error(
        `failed to get ref sources: sources.ref ${ref} cannot contain any special characters except '_' and '-'`,
      )
    }
    if (references.has(`$${ref}`)) {
      throw new Error('failed to get ref sources: invalid sources: multiple sources had the same `ref` key')
    }
    references.set(`$${ref}`, { source, revision: revisions[at] ?? '' })
  }
  return references
}

/** The references that a source's files use. Throws when one is not there, or is another commit of the same repository. */
export function usedReferences(
  source: ApplicationSource,
  revision: string,
  references: ReadonlyMap<string, Reference>,
): Map<string, Reference> {
  const { valueFiles = [], fileParameters = [] } = source.helm ?? {}
  const names = [...valueFiles, ...fileParameters.map(({ path = '' }) => path)].flatMap((file) =>
    file.startsWith('$') ? [file.split('/')[0]!] : [],
  )
  const used = new Map<string, Reference>()
  for (const name of names) {
    const found = references.get(name)
    if (!found && references.size === 0) {
      throw new Error(`source referenced "${name}", but no source has a 'ref' field defined`)
    }
    if (!found) {
      const known = [...references.keys()].join(', ')
      throw new Error(`source referenced "${name}", which is not one of the available sources (${known})`)
    }
    const { repoURL, targetRevision = '' } = found.source
    if (repoURL === source.repoURL && found.revision !== revision) {
      const [theirs, ours] = [
        `"${targetRevision}" which resolves to "${found.revision}"`,
        `"${source.targetRevision ?? ''}" which resolves to "${revision}"`,
      ]
      throw new Error(
        `cannot reference a different revision of the same repository (${name} references ${theirs} while the application references ${ours})`,
      )
    }
    used.set(name, found)
  }
  return used
}
