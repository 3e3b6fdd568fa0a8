/** One source or several: what an Application is made from, and how its status names that. */
import type { ApplicationSource, SourceState } from './types.ts'

export interface Sources {
  list: ApplicationSource[]
  /** Whether they were given as `sources`; a single one there is still written as a list. */
  several: boolean
}

interface Given {
  source?: ApplicationSource
  sources?: ApplicationSource[]
}

/** `sources` counts when both are given. */
export function sourcesOf({ source, sources }: Given): Sources {
  return sources?.length ? { list: sources, several: true } : { list: source ? [source] : [], several: false }
}

/** What a history entry and a result say was read; revisions are in the order of the sources. */
export function sourceState({ list, several }: Sources, revisions: string[]): SourceState {
  if (several) return { revision: '', revisions, source: { repoURL: '' }, sources: list }
  return { revision: revisions[0] ?? '', ...(list[0] ? { source: list[0] } : {}) }
}

/** The revision of each source that a status names; fewer when nothing was resolved. */
export function revisionsOf({ revision, revisions }: Pick<SourceState, 'revision' | 'revisions'>): string[] {
  if (revisions?.length) return revisions
  return revision ? [revision] : []
}

/** What each source asks for: a branch, a tag, a commit; '' is the default branch. */
export function wantedRevisions({ list }: Sources): string[] {
  return list.map(({ targetRevision = '' }) => targetRevision)
}

/** Every repository of an Application. */
export function repositoriesOf(spec: Given): string[] {
  return sourcesOf(spec).list.map(({ repoURL }) => repoURL)
}
