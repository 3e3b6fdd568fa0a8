/** Every resource type that a cluster serves, as discovery tells. */
import type { KubeClient } from './client.ts'
import type { Resource } from './object.ts'

export interface ResourceType {
  resource: Resource
  kind: string
  namespaced: boolean
  verbs: string[]
}

interface ApiResourceList {
  groupVersion: string
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[]
}

/** Types of the preferred version of each group. An aggregated API that does not answer is left out. */
export async function discoverTypes(kube: KubeClient): Promise<ResourceType[]> {
  const { groups } = JSON.parse(await kube.raw('GET', '/apis')) as {
    groups: { preferredVersion: { groupVersion: string } }[]
  }
  const paths = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)]
  const lists = await Promise.all(
    paths.map(async (path) => {
      try {
        return JSON.parse(await kube.raw('GET', path)) as ApiResourceList
      } catch {
        return undefined
      }
    }),
  )
  return lists.flatMap((list) =>
    (list?.resources ?? [])
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced, verbs }) => ({
        resource: `${list!.groupVersion}/${name}`,
        kind,
        namespaced,
        verbs,
      })),
  )
}
