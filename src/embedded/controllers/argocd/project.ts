/** What an AppProject permits: repositories, destinations, kinds. */
import type { Client } from '../../client.ts'
import { glob, loose } from './glob.ts'
import { IN_CLUSTER_NAME, IN_CLUSTER_SERVER, PROJECTS } from './names.ts'
import { sourcesOf } from './sources.ts'
import type {
  AppCondition,
  Application,
  ApplicationSource,
  AppProject,
  Destination,
  GroupKindRule,
} from './types.ts'

/** What is wrong with the spec, as InvalidSpecError conditions; empty when the Application may go on. */
export function specErrors(app: Application, project: AppProject | undefined): AppCondition[] {
  const { spec } = app
  const { list, several } = sourcesOf(spec)
  const invalid = (message: string): AppCondition => ({ type: 'InvalidSpecError', message })
  if (!project) return [invalid(`Application referencing project ${spec.project} which does not exist`)]
  if (list.some(({ chart }) => chart))
    return [invalid('charts from Helm repositories are not supported by the embedded Argo CD')]
  const incomplete = list.find(({ repoURL, path, ref }) => !repoURL || !(path || (several && ref)))
  if (incomplete && several) {
    return [
      invalid(
        `spec.source.repoURL and either source.path, source.chart, or source.ref are required for source ${titleOf(incomplete)}`,
      ),
    ]
  }
  if (incomplete || list.length === 0)
    return [invalid('spec.source.repoURL and either spec.source.path or spec.source.chart are required')]
  const { destination } = spec
  const errors: AppCondition[] = []
  for (const { repoURL } of list) {
    if (!isSourcePermitted(project, repoURL))
      errors.push(invalid(`application repo ${repoURL} is not permitted in project '${spec.project}'`))
  }
  const problem = destinationProblem(destination)
  if (problem) return [...errors, invalid(problem)]
  if (!isDestinationPermitted(project, destination.namespace ?? '')) {
    const server = destination.server ?? IN_CLUSTER_SERVER
    const where = `server '${server}' and namespace '${destination.namespace ?? ''}'`
    const message = `application destination ${where} do not match any of the allowed destinations in project '${spec.project}'`
    errors.push(invalid(message))
  }
  return errors
}

/** A source as Go prints it. */
function titleOf({
  repoURL,
  path = '',
  targetRevision = '',
  ref = '',
  name = '',
}: ApplicationSource): string {
  return `{${repoURL} ${path} ${targetRevision} nil nil nil nil  ${ref} ${name} }`
}

/** Why the destination names no cluster; undefined when it does. */
export function destinationProblem({ server, name }: Destination): string | undefined {
  if (server && name)
    return `application destination can't have both name and server defined: ${name} ${server}`
  if (!server && !name) return 'Destination server missing from app spec'
  if (name && name !== IN_CLUSTER_NAME) return `there are no clusters with this name: ${name}`
  if (server && server !== IN_CLUSTER_SERVER)
    return `error getting cluster by server "${server}": rpc error: code = NotFound desc = cluster "${server}" not found`
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
  const kindRefused = kindRefusal(project, { group, kind }, namespaced)
  if (kindRefused) return kindRefused
  if (namespaced && namespace && !isDestinationPermitted(project, namespace)) {
    return `namespace ${namespace} is not permitted in project '${project.metadata.name}'`
  }
  return undefined
}

/** Why a kind is not permitted anywhere; undefined when it is. */
export function kindRefusal(
  { spec, metadata }: AppProject,
  { group, kind }: { group: string; kind: string },
  namespaced: boolean,
): string | undefined {
  const listed = (rules: GroupKindRule[]) =>
    rules.some((rule) => loose(group, rule.group) && loose(kind, rule.kind))
  const allowed = namespaced
    ? !listed(spec.namespaceResourceBlacklist ?? []) &&
      (spec.namespaceResourceWhitelist === undefined || listed(spec.namespaceResourceWhitelist))
    : !listed(spec.clusterResourceBlacklist ?? []) && listed(spec.clusterResourceWhitelist ?? [])
  return allowed ? undefined : `resource ${group}:${kind} is not permitted in project ${metadata.name}`
}

/** Patterns with `!` in front deny, whatever else allows. */
function isListed(patterns: string[], matches: (pattern: string) => boolean): boolean {
  const denies = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  return !denies.some(matches) && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
}
