/** Which operators a cluster has already, in which version, and whose they are. */
import type { Operator } from '../../config/operators.ts'
import { DevenvError } from '../../lib/errors.ts'
import type { KubeClient } from '../../lib/kube/client.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { ownerOf } from '../../lib/kube/owned.ts'

/** A controller that runs an operator's image. */
export interface Controller {
  kind: 'Deployment' | 'StatefulSet'
  namespace: string
  name: string
  /** The image's tag. */
  version: string
  owner: string | undefined
}

export interface Found {
  operator: Operator
  /** The API is there; `owner` is the environment that brought it. */
  api: { owner: string | undefined } | undefined
  controllers: Controller[]
}

const CRDS = 'apiextensions.k8s.io/v1/customresourcedefinitions'

/** Looks for every operator's API, and in all namespaces for workloads with its image. */
export async function detectOperators(kube: KubeClient, operators: Operator[]): Promise<Found[]> {
  const [deployments, statefulSets, definitions] = await Promise.all([
    kube.list('apps/v1/deployments'),
    kube.list('apps/v1/statefulsets'),
    Promise.all(operators.map(({ detect }) => kube.find(CRDS, detect.crd))),
  ])
  const workloads = [...deployments.items, ...statefulSets.items]
  return operators.map((operator, index) => {
    const crd = definitions[index]
    return {
      operator,
      api: crd ? { owner: ownerOf(crd) } : undefined,
      controllers: workloads.flatMap((workload) => controllerOf(workload, operator.detect.image)),
    }
  })
}

function controllerOf(workload: KubeObject, word: string): Controller[] {
  const containers: { image?: string }[] = workload.spec?.template?.spec?.containers ?? []
  const image = containers.map((container) => container.image ?? '').find((name) => isImage(name, word))
  if (image === undefined) return []
  const { namespace = '', name } = workload.metadata
  const kind = workload.kind as Controller['kind']
  return [{ kind, namespace, name, version: tagOf(image), owner: ownerOf(workload) }]
}

/** `quay.io/argoproj/argocd:v3.5.1` is an image of `argocd`. */
function isImage(image: string, word: string): boolean {
  return withoutTag(image).split('/').at(-1) === word
}

function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

function tagOf(image: string): string {
  return /:([^/:@]+)(@.*)?$/.exec(image)?.[1] ?? 'of unknown version'
}

export interface Decision {
  operator: Operator
  /** `install` also brings an own installation up to date; `adopt` uses what is there as it is. */
  action: 'install' | 'adopt'
  /** What there is, if anything. */
  found: Found
}

/**
 * Installs what is missing and what is the environment's own. What somebody else installed is adopted when
 * `adopt` says so; without it CONFLICT names each, with its version and the one that would be installed.
 */
export function decideOperators(found: Found[], environment: string, adopt: boolean): Decision[] {
  const foreign = found.filter((one) => isForeign(one, environment))
  if (foreign.length > 0 && !adopt) {
    throw new DevenvError(
      'CONFLICT',
      `operators are there already, not made by this environment:\n  ${foreign.map(describe).join('\n  ')}`,
      {
        fix: fixOf(foreign),
      },
    )
  }
  return found.map((one) => ({
    operator: one.operator,
    action: foreign.includes(one) ? 'adopt' : 'install',
    found: one,
  }))
}

/** What is left of one that was removed serves nobody: an adopted one would be waited for in vain. */
function fixOf(foreign: Found[]): string {
  const adopt =
    'Add --adopt-operators to use them as they are (down leaves them), or use a cluster without them.'
  const remains = foreign.filter(({ controllers }) => controllers.length === 0)
  if (remains.length === 0) return adopt
  const crds = remains.map(({ operator }) => `kubectl get crd | grep ${groupOf(operator.detect.crd)}`)
  return `What no workload runs may be left of an installation that is gone (${crds.join('; ')}): remove it, if nobody needs it. ${adopt}`
}

/** `keda.sh` of `scaledobjects.keda.sh`. */
function groupOf(crd: string): string {
  return crd.slice(crd.indexOf('.') + 1)
}

function isForeign({ api, controllers }: Found, environment: string): boolean {
  if (api && api.owner !== environment) return true
  return controllers.some(({ owner }) => owner !== environment)
}

function describe({ operator, api, controllers }: Found): string {
  const wanted = `this environment wants ${operator.version}`
  const owner = [api?.owner, ...controllers.map((controller) => controller.owner)].find(Boolean)
  const whose = owner ? `, made by environment ${owner}` : ''
  const [first] = controllers
  if (!first)
    return `${operator.title}: its API ${operator.detect.crd} is served, but no workload runs it${whose}; ${wanted}`
  const where = `${first.kind} ${first.namespace}/${first.name}`
  return `${operator.title} ${first.version} (${where})${whose}; ${wanted}`
}
