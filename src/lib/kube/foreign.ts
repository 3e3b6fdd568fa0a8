/** Objects that would be ours and are somebody else's already: found before anything is written. */
import pMap from 'p-map'
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
  const look = async (object: KubeObject) => {
    const mapping = await mapper.find(object)
    if (!mapping) return
    const { name, namespace } = object.metadata
    const there = await kube.metadata(mapping.resource, name, namespace ? { namespace } : {})
    if (there && ownerOf(there) !== environment) foreign.push(object)
  }
  await pMap(objects, look, { concurrency: AT_ONCE })
  return foreign
}
