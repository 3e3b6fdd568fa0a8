/** Content negotiation: which clause of an Accept header is answered, and in what shape. */
import { ApiError } from '../../errors.ts'

export interface Clause {
  type: string
  parameters: Record<string, string>
}

export type Shape = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'

export interface Negotiated {
  format: 'json' | 'yaml'
  /** The transformation asked for with `as=`. */
  shape?: Shape
}

/** The clauses of an Accept header, best first. */
export function parseAccept(header: string | undefined): Clause[] {
  if (!header?.trim()) return [{ type: '*/*', parameters: {} }]
  return header
    .split(',')
    .map((clause) => {
      const [type = '', ...rest] = clause.split(';').map((part) => part.trim())
      const parameters = Object.fromEntries(
        rest.map((part) => {
          const [key = '', value = ''] = part.split('=')
          return [key.trim().toLowerCase(), value.trim().replaceAll('"', '')]
        }),
      )
      return { type: type.toLowerCase(), parameters }
    })
    .sort((a, b) => quality(b) - quality(a))
}

/** The first clause that can be served; 406 when there is none. */
export function negotiate(header: string | undefined): Negotiated {
  for (const clause of parseAccept(header)) {
    const format = formatOf(clause.type)
    if (!format) continue
    const { as, g, v } = clause.parameters
    if (as === undefined) return { format }
    if (g === 'meta.k8s.io' && v === 'v1' && isShape(as)) return { format, shape: as }
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  )
}

function formatOf(type: string): Negotiated['format'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json'
  if (type === 'application/yaml') return 'yaml'
  return undefined
}

function isShape(as: string): as is Shape {
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
}

function quality({ parameters }: Clause): number {
  const q = Number(parameters.q ?? 1)
  return Number.isNaN(q) ? 1 : q
}
