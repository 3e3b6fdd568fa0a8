/** `--images team`: the team's own images are where they should be, and the user's login may pull them. */

import { registryFailure } from '../bundle/resolve.ts'
import { HttpFailure } from '../lib/download/failure.ts'
import { DevenvError } from '../lib/errors.ts'
import { RegistryClient } from '../lib/registry/client.ts'
import { findCredentials } from '../lib/registry/credentials.ts'
import { namesRegistry, parseReference, registryUrl, wantedOf } from '../lib/registry/reference.ts'
import type { Credentials } from '../lib/registry/token.ts'

export interface TeamImages {
  /** What the manifests run. */
  images: string[]
  /** Patterns of the images that are the team's: those of devenv/builds.yaml. */
  patterns: string[]
  /** Registry → where it is asked, for those that have an upstream of their own. */
  upstreams: Record<string, string>
  /** For DEVENV_REGISTRY_*, DOCKER_CONFIG and proxies. */
  env: Record<string, string | undefined>
  /** Registries are not asked. */
  offline: boolean
  progress: (what: string) => void
  signal: AbortSignal
}

/** Of a pull secret, as JSON. */
export const NO_LOGIN = '{"auths":{}}'

type Named = Pick<TeamImages, 'images' | 'patterns' | 'upstreams'>

/** The registries that the patterns of the team's images name, and those that no mirror stands before: a company's own. */
export function teamRegistries({ images, patterns, upstreams }: Named): Set<string> {
  const named = patterns.filter(namesRegistry).map((pattern) => pattern.split('/')[0] ?? '')
  const used = images.map((image) => parseReference(image).registry)
  return new Set([...named, ...used.filter((registry) => !Object.hasOwn(upstreams, registry))])
}

/** The images of the registries that the team's own are in. */
export function teamImages(given: Named): Map<string, string[]> {
  const registries = teamRegistries(given)
  const found = new Map<string, string[]>()
  for (const image of new Set(given.images)) {
    const { registry } = parseReference(image)
    if (registries.has(registry)) found.set(registry, [...(found.get(registry) ?? []), image])
  }
  return found
}

/**
 * The content of the pull secret. Nothing of it is printed or kept on this machine. Throws ACCESS_DENIED for logins
 * that are missing or refused, IMAGE_MISSING for images that are not there, each with all of their names.
 */
export async function pullSecretFor(given: TeamImages): Promise<string> {
  const auths: Record<string, { auth: string }> = {}
  for (const [registry, images] of teamImages(given)) {
    const found = await findCredentials(registry, given.env, true)
    given.progress(
      `${images.length} images of ${registry}, ${found ? `with the login of ${found.source}` : 'without a login'}`,
    )
    if (!given.offline) await checkImages(registry, images, found, given)
    if (found) auths[registry] = { auth: authOf(registry, found.credentials, found.source) }
  }
  return JSON.stringify({ auths })
}

async function checkImages(
  registry: string,
  images: string[],
  found: { credentials: Credentials; source: string } | undefined,
  { upstreams, env, signal }: TeamImages,
): Promise<void> {
  const url = upstreams[registry] ?? registryUrl(registry)
  await using client = new RegistryClient({
    url,
    credentials: found?.credentials,
    env: url.startsWith('http://') ? {} : env,
    signal,
  })
  const missing: string[] = []
  const refused: string[] = []
  for (const image of images) {
    const reference = parseReference(image)
    try {
      if (!(await client.digest(reference.repository, wantedOf(reference)))) missing.push(image)
    } catch (thrown) {
      if (!(thrown instanceof HttpFailure) || (thrown.status !== 401 && thrown.status !== 403))
        throw registryFailure(thrown, image, registry)
      refused.push(image)
    }
  }
  if (refused.length > 0) throw refusal(registry, refused, found?.source)
  if (missing.length > 0)
    throw new DevenvError('IMAGE_MISSING', `${registry} does not have:\n  ${missing.join('\n  ')}`, {
      fix: 'Look at the tags in the chart’s values: one appears once the team’s CI has pushed it. Without --images team they are built here.',
    })
}

function refusal(registry: string, images: string[], source: string | undefined): DevenvError {
  const why = source
    ? `${registry} does not let the login of ${source} pull`
    : `${registry} wants a login for`
  return new DevenvError('ACCESS_DENIED', `${why}:\n  ${images.join('\n  ')}`, {
    fix: `docker login ${registry}, or set DEVENV_REGISTRY_USER and DEVENV_REGISTRY_PASSWORD (for ghcr.io a token with read:packages).`,
  })
}

/** Kubelets take a name and a password, and no token that would have to be exchanged first. */
function authOf(registry: string, credentials: Credentials, source: string): string {
  if ('username' in credentials)
    return Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
  throw new DevenvError(
    'ACCESS_DENIED',
    `the login of ${source} for ${registry} is an identity token, which nodes cannot pull with`,
    { fix: 'Set DEVENV_REGISTRY_USER and DEVENV_REGISTRY_PASSWORD.' },
  )
}
