/** What an AppProject permits: repositories, destinations, kinds. */
import { matchesGlob } from 'node:path'
import type { Client } from '../../client.ts'
import { IN_CLUSTER_NAME, IN_CLUSTER_SERVER, PROJECTS } from './names.ts'
import type { AppCondition, Application, AppProject, Destination, GroupKindRule } from './types.ts'

/** What is wrong with the spec, as InvalidSpecError conditions; empty when the Application may go on. */
export function specErrors(app: Application, project: AppProject | undefined): AppCondition[] {
  const { spec } = app
  const invalid = (message: string): AppCondition => ({ type: 'InvalidSpecError', message })
  if (!project) return [invalid(`Application referencing project ${spec.project} which does not exist`)]
  const source = spec.source
  if (spec.sources?.length)
    return [invalid('applications with several sources are not supported by the embedded Argo CD')]
  if (source?.chart)
    return [invalid('charts from Helm repositories are not supported by the embedded Argo CD')]
  if (!source?.repoURL || !source.path) {
    return [invalid('spec.source.repoURL and either spec.source.path or spec.source.chart are required')]
  }
  const { destination } = spec
  const problem = destinationProblem(destination)
  if (problem) return [invalid(problem)]
  const errors: AppCondition[] = []
  if (!isSourcePermitted(project, source.repoURL)) {
    errors.push(invalid(`application repo ${source.repoURL} is not permitted in project '${spec.project}'`))
  }
  if (!isDestinationPermitted(project, destination.namespace ?? '')) {
    const server = destination.server ?? IN_CLUSTER_SERVER
    const where = `server '${server}' and namespace '${destination.namespace ?? ''}'`
    const message = `application destination ${where} do not match any of the allowed destinations in project '${spec.project}'`
    errors.push(invalid(message))
  }
  return errors
}

function destinationProblem({ server, name }: Destination): string | undefined {
  if (server && name)
    return `application destination can't have both name and server defined: ${name} ${server}`
  if (!server && !name) return 'Destination server missing from app spec'
  if (name && name !== IN_CLUSTER_NAME) return `there are no clusters with this name: ${name}`
  if (server && server !== IN_CLUSTER_SERVER) return `cluster '${server}' has not been configured`
  return undefined
}

/** The Application's project; `default` permits everything where nobody has made it (argocd-server would). */
export function projectOf(client: Client, app: Application): AppProject | undefined {
  const name = app.spec.project || 'default'
  const found = client.get(PROJECTS, app.metadata.namespace, name)
  if (found) return found as AppProject
  return name === 'default' ? OPEN_PROJECT : undefined
}

const OPEN_PROJECT = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default' },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
} as AppProject

function isSourcePermitted({ spec }: AppProject, url: string): boolean {
  return isListed(spec.sourceRepos ?? [], (pattern) => glob(url, pattern))
}

/** Whether objects may go to this namespace of the one cluster. */
export function isDestinationPermitted({ spec }: AppProject, namespace: string): boolean {
  const rules = spec.destinations ?? []
  const fits = (rule: Destination, namespacePattern: string) =>
    loose(namespace, namespacePattern) &&
    (loose(IN_CLUSTER_SERVER, rule.server ?? '') || loose(IN_CLUSTER_NAME, rule.name ?? ''))
  const denied = rules.some((rule) => rule.namespace?.startsWith('!') && fits(rule, rule.namespace.slice(1)))
  return !denied && rules.some((rule) => fits(rule, rule.namespace ?? ''))
}

/** Why a kind or namespace is not permitted, as the sync tells it; undefined when it is. */
export function refusal(
  project: AppProject,
  { group, kind, namespace }: { group: string; kind: string; namespace?: string | undefined },
  namespaced: boolean,
): string | undefined {
  const { spec, metadata } = project
  const listed = (rules: GroupKindRule[]) =>
    rules.some((rule) => loose(group, rule.group) && loose(kind, rule.kind))
  const allowed = namespaced
    ? !listed(spec.namespaceResourceBlacklist ?? []) &&
      (spec.namespaceResourceWhitelist === undefined || listed(spec.namespaceResourceWhitelist))
    : !listed(spec.clusterResourceBlacklist ?? []) && listed(spec.clusterResourceWhitelist ?? [])
  if (!allowed) return `resource ${group}:${kind} is not permitted in project ${metadata.name}`
  if (namespaced && namespace && !isDestinationPermitted(project, namespace)) {
    return `namespace ${namespace} is not permitted in project '${metadata.name}'`
  }
  return undefined
}

/** Patterns with `!` in front deny, whatever else allows. */
function isListed(patterns: string[], matches: (pattern: string) => boolean): boolean {
  const denies = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  return !denies.some(matches) && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
}

/** `/` separates: one `*` does not cross it, unless it is the whole pattern. */
function glob(text: string, pattern: string): boolean {
  return pattern === '*' || text === pattern || matchesGlob(text, pattern)
}

/** `*` matches any text, separators too. */
function loose(text: string, pattern: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's').test(text)
}
