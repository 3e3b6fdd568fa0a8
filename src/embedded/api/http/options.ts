/** Query parameters of writes and deletes. */
import type { DeleteOptions } from '../../client.ts'
import { badRequest } from '../../errors.ts'
import { isRecord } from '../../store/json.ts'
import type { WriteRequest } from '../registry/context.ts'
import { invalid } from '../registry/invalid.ts'
import type { Exchange } from './exchange.ts'

const VALIDATIONS = ['Ignore', 'Warn', 'Strict'] as const

/** The options of a create, update or patch. */
export function writeRequest(exchange: Exchange, subresource?: string): WriteRequest {
  const { query, warnings } = exchange
  return {
    fieldManager: fieldManager(exchange),
    fieldValidation: fieldValidation(query),
    dryRun: dryRun(query.getAll('dryRun')),
    warn: (text) => warnings.add(text),
    ...(subresource ? { subresource } : {}),
  }
}

/** `?fieldManager=`, else the User-Agent up to its first slash. */
export function fieldManager({ query, request }: Exchange): string {
  const asked = query.get('fieldManager')
  if (asked) return asked
  return (request.headers['user-agent'] ?? '').split('/')[0]!.slice(0, 128) || 'unknown'
}

/** Options of a deletion: the body's, and where it has none the query's. */
export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  const given = isRecord(body) ? body : {}
  const policy = given.propagationPolicy ?? query.get('propagationPolicy') ?? legacyPolicy(given, query)
  if (policy !== undefined && policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      {
        type: 'NotSupported',
        field: 'propagationPolicy',
        badValue: policy,
        detail: 'supported values: "Foreground", "Background", "Orphan", "nil"',
      },
    ])
  }
  const grace = given.gracePeriodSeconds ?? numberOf(query, 'gracePeriodSeconds')
  const { uid, resourceVersion } = isRecord(given.preconditions) ? given.preconditions : {}
  return {
    dryRun: dryRun(Array.isArray(given.dryRun) ? given.dryRun : query.getAll('dryRun')),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    preconditions: {
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
    },
  }
}

/** A number in the query; 400 when it is none. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const value = Number(text)
  if (!Number.isInteger(value))
    throw badRequest(`${name}: invalid value ${JSON.stringify(text)}: not an integer`)
  return value
}

/** A boolean in the query, as Go's ParseBool reads it. */
export function booleanOf(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  return text !== null && !['', '0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)
}

function fieldValidation(query: URLSearchParams): (typeof VALIDATIONS)[number] {
  const asked = query.get('fieldValidation')
  if (!asked) return 'Warn'
  const known = VALIDATIONS.find((each) => each === asked)
  if (known) return known
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    {
      type: 'NotSupported',
      field: 'fieldValidation',
      badValue: asked,
      detail: 'supported values: "", "Ignore", "Strict", "Warn"',
    },
  ])
}

function dryRun(values: string[]): boolean {
  if (values.length === 0) return false
  if (values.every((value) => value === 'All')) return true
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions' }, '', [
    { type: 'NotSupported', field: 'dryRun', badValue: values, detail: 'supported values: "All"' },
  ])
}

function legacyPolicy(given: Record<string, unknown>, query: URLSearchParams): string | undefined {
  const orphan = given.orphanDependents ?? query.get('orphanDependents')
  if (orphan === undefined || orphan === null) return undefined
  return String(orphan) === 'true' ? 'Orphan' : 'Background'
}
