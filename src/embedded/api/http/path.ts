/** Resource paths: /api/v1/namespaces/NS/pods/NAME/log and their like. */

export interface ResourcePath {
  group: string
  version: string
  plural: string
  namespace?: string
  name?: string
  subresource?: string
  /** /watch/ paths of old: a watch whatever the query says. */
  watch: boolean
}

// Subresources of namespaces themselves; any other segment after a namespace is a resource type in it.
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

/** The parts of a resource path; undefined for any other path. 400s are left to decodeURIComponent's caller. */
export function parsePath(pathname: string): ResourcePath | undefined {
  const segments = pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent)
  const root = segments.shift()
  const group = root === 'api' ? '' : root === 'apis' ? segments.shift() : undefined
  const version = segments.shift()
  if (group === undefined || version === undefined) return undefined
  const watch = segments[0] === 'watch' && segments.length > 1
  if (watch) segments.shift()
  const [first, second, third, ...rest] = segments
  if (first === undefined) return undefined
  const place = { group, version, watch }
  if (first !== 'namespaces' || third === undefined) {
    return { ...place, ...located({ plural: first }, second, third, rest) }
  }
  if (group === '' && rest.length === 0 && NAMESPACE_SUBRESOURCES.has(third)) {
    return { ...place, ...located({ plural: first }, second, third, []) }
  }
  const [name, ...more] = rest
  return { ...place, ...located({ plural: third, namespace: second! }, name, more[0], more.slice(1)) }
}

function located(
  base: { plural: string; namespace?: string },
  name: string | undefined,
  subresource: string | undefined,
  rest: string[],
) {
  return {
    ...base,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource: [subresource, ...rest].join('/') }),
  }
}
