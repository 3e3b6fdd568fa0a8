/** Takes away everything in a cluster that carries an environment's labels, in an order that does not hang. */

import { setTimeout as sleep } from 'node:timers/promises'
import pMap from 'p-map'
import type { KubeClient } from './client.ts'
import { discoverTypes, type ResourceType } from './discovery.ts'
import type { KubeObject } from './object.ts'
import { ownerSelector } from './owned.ts'

export interface NotRemoved {
  what: string
  why: string
}

interface OwnedObject {
  type: ResourceType
  name: string
  namespace: string | undefined
}

const AT_ONCE = 8
const LOOK_MS = 250
/** How long controllers get for the finalizers of their own objects. */
const FINALIZERS_MS = 30_000
const NAMESPACES_MS = 120_000
const CRD = 'CustomResourceDefinition'
/** The API server calls them: a namespace does not end while one of them cannot be reached. */
const CALLED = new Set(['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])

/**
 * Custom objects first, while their controllers can still answer for them, then what the API server calls, then
 * namespaces and the rest, then CRDs. A CRD that others use meanwhile stays. Never throws for one object: what
 * could not go is in the answer.
 */
export async function removeOwned(
  kube: KubeClient,
  environment: string,
  tell: (what: string) => void,
): Promise<NotRemoved[]> {
  let told = ''
  const waiting = (what: string) => {
    if (what !== told) tell(what)
    told = what
  }
  const types = (await discoverTypes(kube)).filter(
    ({ verbs }) => verbs.includes('list') && verbs.includes('delete'),
  )
  const owned = await findOwned(kube, types, environment)
  const of = (fits: (object: OwnedObject) => boolean) => owned.filter(fits)
  const isCustom = ({ type }: OwnedObject) => !isBuiltIn(type)
  const namespaces = of(({ type }) => type.kind === 'Namespace' && type.resource === 'v1/namespaces')
  const problems = new Problems()

  waiting('the environment’s own custom objects to go')
  const inside = await customObjectsIn(kube, types, namespaces)
  const custom = uniqueObjects([...of(isCustom), ...inside])
  await deleteAll(kube, custom, problems)
  await untilGone(kube, custom, waiting, problems)

  await deleteAll(
    kube,
    of(({ type }) => CALLED.has(type.kind)),
    problems,
  )
  const rest = of((object) => !isCustom(object) && !CALLED.has(object.type.kind) && object.type.kind !== CRD)
  await deleteAll(kube, rest, problems)
  await untilNamespacesGone(kube, namespaces, waiting, problems)
  await removeCrds(
    kube,
    of(({ type }) => type.kind === CRD),
    types,
    waiting,
    problems,
  )
  return problems.stillThere(kube)
}

class Problems {
  readonly #list: { object: OwnedObject; why: string }[] = []

  add(object: OwnedObject, why: string): void {
    this.#list.push({ object, why })
  }

  /** An API server that is short of breath may have deleted what it never answered for. */
  stillThere(kube: KubeClient): Promise<NotRemoved[]> {
    return gather(this.#list, async ({ object: { type, name, namespace }, why }) => {
      const gone = await kube.find(type.resource, name, namespace ? { namespace } : {}).then(
        (found) => found === undefined,
        () => false,
      )
      return gone ? [] : [{ what: `${type.kind} ${namespace ? `${namespace}/` : ''}${name}`, why }]
    })
  }
}

async function findOwned(
  kube: KubeClient,
  types: ResourceType[],
  environment: string,
): Promise<OwnedObject[]> {
  const labelSelector = ownerSelector(environment)
  return gather(types, async (type) =>
    (await listQuietly(kube, type, { labelSelector })).map((object) => ownedObject(type, object)),
  )
}

/** Objects of CRDs in the environment's namespaces, whoever made them there: they go with their namespace. */
function customObjectsIn(kube: KubeClient, types: ResourceType[], namespaces: OwnedObject[]) {
  const custom = types.filter((type) => type.namespaced && !isBuiltIn(type))
  return gather(
    namespaces.flatMap(({ name }) => custom.map((type) => ({ type, namespace: name }))),
    async ({ type, namespace }) =>
      (await listQuietly(kube, type, { namespace })).map((object) => ownedObject(type, object)),
  )
}

async function removeCrds(
  kube: KubeClient,
  crds: OwnedObject[],
  types: ResourceType[],
  waiting: (what: string) => void,
  problems: Problems,
): Promise<void> {
  const going: OwnedObject[] = []
  for (const crd of crds) {
    const [plural, ...group] = crd.name.split('.')
    const type = types.find(
      ({ resource }) => resource.startsWith(`${group.join('.')}/`) && resource.endsWith(`/${plural}`),
    )
    const users = type ? await listQuietly(kube, type, {}) : []
    if (users.length > 0) {
      const [{ metadata }] = users as [KubeObject]
      const first = `${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`
      problems.add(crd, `${users.length} objects of others use it, ${first} among them; it was left`)
    } else going.push(crd)
  }
  await deleteAll(kube, going, problems)
  // Else the next `up` would meet them halfway.
  await untilGone(kube, going, waiting, problems)
}

async function deleteAll(kube: KubeClient, objects: OwnedObject[], problems: Problems): Promise<void> {
  await gather(objects, async (object) => {
    const { type, name, namespace } = object
    try {
      await kube.delete(type.resource, name, {
        ...(namespace ? { namespace } : {}),
        propagationPolicy: 'Background',
      })
    } catch (thrown) {
      problems.add(object, thrown instanceof Error ? thrown.message : String(thrown))
    }
    return []
  })
}

/** Objects whose controller does not answer any more lose their finalizers: they are ours, and so is the wait. */
async function untilGone(
  kube: KubeClient,
  objects: OwnedObject[],
  waiting: (what: string) => void,
  problems: Problems,
): Promise<void> {
  const deadline = Date.now() + FINALIZERS_MS
  let left = await stillThere(kube, objects)
  while (left.length > 0 && Date.now() < deadline) {
    waiting(`${left.length} objects to go: ${namesOf(left)}`)
    await sleep(LOOK_MS)
    left = await stillThere(kube, left)
  }
  await gather(left, async (object) => {
    const { type, name, namespace } = object
    try {
      await kube.patch(
        type.resource,
        name,
        { metadata: { finalizers: null } },
        namespace ? { namespace } : {},
      )
    } catch (thrown) {
      problems.add(object, thrown instanceof Error ? thrown.message : String(thrown))
    }
    return []
  })
}

async function untilNamespacesGone(
  kube: KubeClient,
  namespaces: OwnedObject[],
  waiting: (what: string) => void,
  problems: Problems,
): Promise<void> {
  const deadline = Date.now() + NAMESPACES_MS
  let left = await stillThere(kube, namespaces)
  while (left.length > 0) {
    if (Date.now() > deadline) {
      for (const namespace of left) problems.add(namespace, await whyStuck(kube, namespace.name))
      return
    }
    waiting(`namespaces ${namesOf(left)} to end`)
    await sleep(LOOK_MS)
    left = await stillThere(kube, left)
  }
}

/** The namespace controller writes into conditions what it still finds. */
async function whyStuck(kube: KubeClient, name: string): Promise<string> {
  const object = await kube.find('v1/namespaces', name)
  const conditions = (object?.status?.conditions ?? []) as { status: string; message?: string }[]
  const messages = conditions.filter(({ status }) => status === 'True').map(({ message }) => message)
  return messages.join('; ') || `it did not end within ${NAMESPACES_MS / 1000} s`
}

async function stillThere(kube: KubeClient, objects: OwnedObject[]): Promise<OwnedObject[]> {
  return gather(objects, async (object) => {
    const at = object.namespace ? { namespace: object.namespace } : {}
    return (await kube.metadata(object.type.resource, object.name, at)) ? [object] : []
  })
}

async function listQuietly(
  kube: KubeClient,
  type: ResourceType,
  where: { labelSelector?: string; namespace?: string },
): Promise<KubeObject[]> {
  try {
    return (await kube.list(type.resource, { ...where, metadataOnly: true })).items
  } catch {
    // A type that went away, or that we may not list: then nothing of it can be ours either.
    return []
  }
}

/** Sorted, so that the same ones read the same. */
function namesOf(objects: OwnedObject[]): string {
  const names = objects.map(({ name }) => name).sort()
  return names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ')
}

function ownedObject(type: ResourceType, { metadata }: KubeObject): OwnedObject {
  return { type, name: metadata.name, namespace: metadata.namespace }
}

/** Built-in groups have no dot, or end in k8s.io; the operators' have names of their own. */
function isBuiltIn({ resource }: ResourceType): boolean {
  const parts = resource.split('/')
  const group = parts.length === 2 ? '' : parts[0]!
  return !group.includes('.') || group.endsWith('.k8s.io')
}

function uniqueObjects(objects: OwnedObject[]): OwnedObject[] {
  return [
    ...new Map(
      objects.map((object) => [`${object.type.resource} ${object.namespace} ${object.name}`, object]),
    ).values(),
  ]
}

async function gather<In, Out>(items: In[], act: (item: In) => Promise<Out[]>): Promise<Out[]> {
  return (await pMap(items, act, { concurrency: AT_ONCE })).flat()
}
