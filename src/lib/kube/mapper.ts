/** From the kind in a manifest to the resource in a path, as the server's discovery says. */
import type { KubeClient } from './client.ts'
import { KubeError } from './errors.ts'
import type { KubeObject, Resource } from './object.ts'

interface ApiResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[]
}

export interface Mapping {
  resource: Resource
  namespaced: boolean
}

/** Looks each group version up once; what it does not find it asks again, as CRDs come and go. */
export class ResourceMapper {
  readonly #kube: KubeClient
  readonly #lists = new Map<string, Promise<ApiResourceList | undefined>>()

  constructor(kube: KubeClient) {
    this.#kube = kube
  }

  /** The resource of an object's kind, or undefined when the server does not serve it. */
  async find(object: Pick<KubeObject, 'apiVersion' | 'kind'>): Promise<Mapping | undefined> {
    const { apiVersion, kind } = object
    const pending = this.#lists.get(apiVersion) ?? this.#fetch(apiVersion)
    this.#lists.set(apiVersion, pending)
    const list = await pending.catch((thrown) => {
      // Of a server that was away for a moment.
      this.#lists.delete(apiVersion)
      throw thrown
    })
    const found = list?.resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))
    if (found) return { resource: `${apiVersion}/${found.name}`, namespaced: found.namespaced }
    this.#lists.delete(apiVersion)
    return undefined
  }

  async #fetch(apiVersion: string): Promise<ApiResourceList | undefined> {
    try {
      const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
      return JSON.parse(await this.#kube.raw('GET', path)) as ApiResourceList
    } catch (thrown) {
      if (thrown instanceof KubeError && thrown.code === 404) return undefined
      throw thrown
    }
  }
}
