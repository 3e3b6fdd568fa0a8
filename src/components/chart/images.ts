/** The images that a set of manifests runs. */
import type { KubeObject } from '../../lib/kube/object.ts'
import type { Manifest } from './apply.ts'

export interface UsedImage {
  image: string
  source: string
  /** `Deployment team1-project-frontend`. */
  owner: string
}

/** Of objects that no template names: the images alone, as often as they are run. */
export function imageNames(objects: KubeObject[]): string[] {
  return imagesOf(objects.map((object) => ({ source: '', object }))).map(({ image }) => image)
}

/** Every container image of every pod template, init containers included. */
export function imagesOf(manifests: Manifest[]): UsedImage[] {
  return manifests.flatMap(({ source, object }) => {
    const pod =
      object.kind === 'Pod'
        ? object.spec
        : (object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec)
    const containers: { image?: string }[] = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]
    const owner = `${object.kind} ${object.metadata.name}`
    return containers.flatMap(({ image }) => (image ? [{ image, source, owner }] : []))
  })
}
