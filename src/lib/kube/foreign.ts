/** Objects that would be ours and are somebody else's already: found before anything is written. */
import type { KubeClient } from './client.ts'
import { ResourceMapper } from './mapper.ts'
import type { KubeObject } from './object.ts'
import { ownerOf } from './owned.ts'

const AT_ONCE = 8

/** Those of the objects that exist and do not carry the environment's labels. */
export async function foreignObjects(
  kube: KubeClient,
  objects: KubeObject[],
  environment: string,
): Promise<KubeObject[]> {
  const mapper = new ResourceMapper(kube)
  const foreign: KubeObject[] = []
  const queue = [...objects]
  const look = async () => {
    for (let object = queue.shift(); object; object = queue.shift()) {
      const mapping = await mapper.find(object)
      if (!mapping) continue
      const { name, namespace } = object.metadata
      const there = await kube.metadata(mapping.resource, name, namespace ? { namespace } : {})
      if (there && ownerOf(there) !== environment) foreign.push(object)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, look))
  return foreign
}
