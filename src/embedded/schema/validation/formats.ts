/** The string formats that CustomResourceDefinitions may name (apiextensions-apiserver supported formats). */
import { isIP } from 'node:net'

const CHECKS: Record<string, (value: string) => boolean> = {
  'date-time': (value) => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$/.test(value),
  date: (value) => /^\d{4}-\d\d-\d\d$/.test(value),
  duration: (value) => /^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d|w)/.test(value) || value === '0',
  byte: (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0,
  uri: (value) => URL.canParse(value),
  email: (value) => /^[^@\s]+@[^@\s]+$/.test(value),
  ipv4: (value) => isIP(value) === 4,
  ipv6: (value) => isIP(value) === 6,
  cidr: (value) => /^[^/]+\/\d{1,3}$/.test(value) && isIP(value.split('/')[0]!) !== 0,
  mac: (value) => /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(value),
  uuid: (value) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value),
}

/** True for formats that are not checked, as upstream ignores those it does not know. */
export function formatMatches(format: string, value: string): boolean {
  return CHECKS[format]?.(value) ?? true
}
