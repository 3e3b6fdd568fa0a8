/** The body and options of a PATCH. */
import { badRequest } from '../../errors.ts'
import type { PatchRequest, PatchType } from '../registry/context.ts'
import { mediaType, parseJson, readBody, unsupportedMediaType } from './body.ts'
import type { ResourceExchange } from './exchange.ts'
import { booleanOf, writeRequest } from './options.ts'
import { fromYaml } from './yaml.ts'

const TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** Reads a patch; 415 for a type that the resource does not take. */
export async function readPatch(
  exchange: ResourceExchange,
): Promise<{ patch: unknown; request: PatchRequest }> {
  const { request, query, info, path } = exchange
  const type = TYPES[mediaType(request)]
  if (!type || (type === 'strategic' && info.custom)) {
    const accepted = Object.keys(TYPES).filter((each) => !info.custom || TYPES[each] !== 'strategic')
    throw unsupportedMediaType(accepted.join(', '))
  }
  const text = (await readBody(request)).toString()
  if (text.trim() === '') throw badRequest('error decoding patch: the body is empty')
  const options: PatchRequest = { ...writeRequest(exchange, path.subresource), type }
  if (query.get('force') !== null) options.force = booleanOf(query, 'force')
  if (type !== 'apply') return { patch: parseJson(text), request: options }
  // Unlike other writes, an apply has no default manager.
  const manager = query.get('fieldManager')
  if (manager) options.fieldManager = manager
  else delete options.fieldManager
  // kubectl sends JSON as YAML, which the far faster parser reads.
  return { patch: text.trimStart().startsWith('{') ? jsonOrYaml(text) : fromYaml(text), request: options }
}

function jsonOrYaml(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // YAML's flow style begins with a brace too.
    return fromYaml(text)
  }
}
