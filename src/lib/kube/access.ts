/** Whether a cluster lets us do what an environment needs, asked before anything is written. */
import pMap from 'p-map'
import type { KubeClient } from './client.ts'
import { ResourceMapper } from './mapper.ts'
import type { KubeObject } from './object.ts'

/** A verb on a resource; without a namespace in all of them, or on cluster-scoped objects. */
export interface Need {
  verb: string
  group: string
  /** Plural, with the subresource if it is about one: `pods/portforward`. */
  resource: string
  namespace?: string
}

const AT_ONCE = 8
const VERBS = ['get', 'list', 'create', 'patch', 'delete']

/** What installing, watching and removing the objects needs; kinds of CRDs among them included. */
export async function needsOf(kube: KubeClient, objects: KubeObject[]): Promise<Need[]> {
  const mapper = new ResourceMapper(kube)
  const kinds = new Map(objects.map((object) => [`${object.apiVersion} ${object.kind}`, object]))
  const needs: Need[] = []
  for (const object of kinds.values()) {
    const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : ''
    const resource =
      (await mapper.find(object))?.resource.split('/').at(-1) ?? definedBy(objects, group, object.kind)
    if (resource) needs.push(...VERBS.map((verb) => ({ verb, group, resource })))
  }
  return needs
}

function definedBy(objects: KubeObject[], group: string, kind: string): string | undefined {
  return objects.find(({ kind: type, spec }) => {
    return type === 'CustomResourceDefinition' && spec.group === group && spec.names.kind === kind
  })?.spec.names.plural
}

/**
 * The needs that the cluster refuses, by SelfSubjectAccessReview. One question is enough for who may do
 * everything. Throws the server's own error when it does not answer reviews.
 */
export async function refusedNeeds(kube: KubeClient, needs: Need[]): Promise<Need[]> {
  if (await allowed(kube, { verb: '*', group: '*', resource: '*' })) return []
  const answers = await pMap(needs, (need) => allowed(kube, need), { concurrency: AT_ONCE })
  return needs.filter((_, index) => !answers[index])
}

/** `deployments.apps: create, patch` a line, for people. */
export function describeNeeds(needs: Need[]): string[] {
  const verbs = new Map<string, Set<string>>()
  for (const { verb, group, resource, namespace } of needs) {
    const what = `${resource}${group ? `.${group}` : ''}${namespace ? ` in ${namespace}` : ''}`
    verbs.set(what, (verbs.get(what) ?? new Set()).add(verb))
  }
  return [...verbs].map(([what, list]) => `${what}: ${[...list].join(', ')}`)
}

async function allowed(kube: KubeClient, { verb, group, resource, namespace }: Need): Promise<boolean> {
  const [name, subresource] = resource.split('/')
  const review = await kube.create('authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    // Reviews have no name; the type of all objects asks for one.
    metadata: {} as KubeObject['metadata'],
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource: name,
        ...(subresource ? { subresource } : {}),
        ...(namespace ? { namespace } : {}),
      },
    },
  })
  return review.status?.allowed === true
}
