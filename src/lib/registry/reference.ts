/** Image references, rewritten to the registry of the environment. */

export interface Reference {
  /** `ghcr.io`; `docker.io` where none is named. */
  registry: string
  /** With `library/` for Docker Hub's official ones. */
  repository: string
  /** `:tag`, `@sha256:…` or both; `:latest` where none is named. */
  suffix: string
}

/** The parts of a reference, with what Docker adds to short ones. */
export function parseReference(image: string): Reference {
  const digest = image.indexOf('@')
  const named = digest < 0 ? image : image.slice(0, digest)
  const tag = /:[^/:]+$/.exec(named)?.[0] ?? ''
  const path = named.slice(0, named.length - tag.length)
  const [first = '', ...rest] = path.split('/')
  // A registry has a dot or a port in its name, or is localhost; anything else is a user of Docker Hub.
  const hasRegistry = rest.length > 0 && namesRegistry(path)
  const registry = hasRegistry ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io'
  const short = hasRegistry ? rest.join('/') : path
  const repository = registry === 'docker.io' && !short.includes('/') ? `library/${short}` : short
  const suffix = `${tag}${digest < 0 ? '' : image.slice(digest)}`
  return { registry, repository, suffix: suffix === '' ? ':latest' : suffix }
}

/** Whether a reference, or a pattern of them, says which registry it is from. */
export function namesRegistry(image: string): boolean {
  const first = image.split('/')[0] ?? ''
  return image.includes('/') && /[.:]|^localhost$/.test(first)
}

/** The image as the environment's own registry has it: its repository, without the registry's name. */
export function inRegistry(image: string, registry: string): string {
  const { repository, suffix } = parseReference(image)
  return `${registry}/${repository}${suffix}`
}

/** What a registry is asked for: the digest where the reference has one, else the tag. */
export function wantedOf({ suffix }: Reference): string {
  const digest = suffix.indexOf('@')
  return digest < 0 ? suffix.slice(1) : suffix.slice(digest + 1)
}

/** The registry's address. Docker Hub's is not its name, and Docker asks registries of this machine in plain text. */
export function registryUrl(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io'
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(registry)
    ? `http://${registry}`
    : `https://${registry}`
}
