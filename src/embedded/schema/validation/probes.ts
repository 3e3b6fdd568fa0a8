/** Checks of probes and their handlers. */
import { type Loose, struct } from '../defaults/fill.ts'
import { child } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, notSupported, required } from './field-errors.ts'
import { portName, portNumber } from './names.ts'
import { nonNegative } from './numbers.ts'

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc']
const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
]

/** Errors of one probe. Liveness and startup probes must pass at the first success (`single`). */
export function probeErrors(probe: Loose, path: string, single: boolean): FieldError[] {
  const errors = handlerErrors(probe, path)
  for (const name of COUNTS) errors.push(...nonNegative(probe[name], child(path, name)))
  if (single && probe.successThreshold !== 1) {
    errors.push(invalid(child(path, 'successThreshold'), probe.successThreshold, 'must be 1'))
  }
  const grace = probe.terminationGracePeriodSeconds
  if (typeof grace === 'number' && grace <= 0) {
    errors.push(invalid(child(path, 'terminationGracePeriodSeconds'), grace, 'must be greater than 0'))
  }
  return errors
}

function handlerErrors(probe: Loose, path: string): FieldError[] {
  const kinds = HANDLERS.filter((kind) => struct(probe, kind))
  if (!kinds.length) return [required(path, 'must specify a handler type')]
  const errors = kinds
    .slice(1)
    .map((kind) => forbidden(child(path, kind), 'may not specify more than 1 handler type'))
  const kind = kinds[0]!
  const handler = probe[kind]
  const at = child(path, kind)
  if (kind === 'exec') {
    if (!handler.command?.length) errors.push(required(child(at, 'command')))
    return errors
  }
  if (kind === 'httpGet' && !['HTTP', 'HTTPS'].includes(handler.scheme)) {
    errors.push(notSupported(child(at, 'scheme'), handler.scheme, ['HTTP', 'HTTPS']))
  }
  return [...errors, ...portReferenceErrors(handler.port, child(at, 'port'))]
}

/** A port by number or by the name of a container's port. */
export function portReferenceErrors(port: unknown, path: string): FieldError[] {
  const problems = typeof port === 'string' ? portName(port) : portNumber(port ?? 0)
  return problems.map((problem) => invalid(path, port ?? 0, problem))
}
