/** YAML bodies: the parser is loaded only here. */
import { parse, stringify } from 'yaml'
import { messageOf } from '../../../lib/errors.ts'
import { badRequest } from '../../errors.ts'

export function toYaml(value: unknown): string {
  // Anchors would surprise: kubectl and client-go write every value out.
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })
}

/** The value of a YAML document; duplicate keys are refused. 400 when it cannot be parsed. */
export function fromYaml(text: string): unknown {
  try {
    return parse(text, { version: '1.1', schema: 'yaml-1.1', merge: true })
  } catch (thrown) {
    throw badRequest(`error decoding YAML: ${messageOf(thrown)}`)
  }
}
