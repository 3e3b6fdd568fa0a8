/** Images at their registries: which manifests and blobs each is made of, without the layers themselves. */
import { HttpFailure, transferFailure } from '../lib/download/failure.ts'
import { DevenvError } from '../lib/errors.ts'
import type { RegistryClient } from '../lib/registry/client.ts'
import { type ResolvedImage, resolveImage } from '../lib/registry/image.ts'
import type { Platform } from '../lib/registry/manifest.ts'
import { parseReference, wantedOf } from '../lib/registry/reference.ts'

export interface FoundImage extends ResolvedImage {
  image: string
  /** Who has its blobs, and under which name. */
  client: RegistryClient
  repository: string
}

/** The client to ask for a registry's images. */
export type ClientFor = (registry: string) => Promise<RegistryClient>

/** Finds an image. Throws IMAGE_MISSING for one that is not there, ACCESS_DENIED for a refusal. */
export async function findImage(
  image: string,
  platform: Platform,
  clientFor: ClientFor,
): Promise<FoundImage> {
  const reference = parseReference(image)
  const { registry, repository } = reference
  const client = await clientFor(registry)
  let found: ResolvedImage | undefined
  try {
    found = await resolveImage(client, repository, wantedOf(reference), platform)
  } catch (thrown) {
    throw registryFailure(thrown, image, registry)
  }
  if (!found)
    throw new DevenvError(
      'IMAGE_MISSING',
      `${image} is not at ${registry} for ${platform.os}/${platform.architecture}`,
      { fix: 'Look at its name and tag.' },
    )
  return { ...found, image, client, repository }
}

/** Why a registry did not give an image, with what can be done. */
export function registryFailure(thrown: unknown, image: string, registry: string): DevenvError {
  if (thrown instanceof HttpFailure && (thrown.status === 401 || thrown.status === 403))
    return new DevenvError('ACCESS_DENIED', `${registry} refuses ${image}: ${thrown.message}`, {
      cause: thrown,
      fix: `docker login ${registry}, with an account that may read it.`,
    })
  return transferFailure(thrown, registry, image).error
}
