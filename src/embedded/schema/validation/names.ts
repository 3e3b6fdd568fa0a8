/** The name and label rules of apimachinery (pkg/util/validation), each answering messages; none when all is well. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`
const CONFIG_KEY = '[-._a-zA-Z0-9]+'
const ENV_NAME = /^[\x20-\x3c\x3e-\x7e]+$/
const PORT_NAME = /^[-a-z0-9]+$/

/** Compiled whole-string forms of the sources that messages quote. */
const whole = (source: string) => new RegExp(`^${source}$`)
const MATCH = {
  label: whole(LABEL),
  subdomain: whole(SUBDOMAIN),
  label1035: whole(LABEL_1035),
  qualified: whole(QUALIFIED),
  labelValue: whole(LABEL_VALUE),
  configKey: whole(CONFIG_KEY),
}

function tooLong(max: number): string {
  return `must be no more than ${max} bytes`
}

/** Upstream's RegexError, with its double space between examples. */
function explained(text: string, source: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return `${text} (e.g. ${shown}regex used for validation is '${source}')`
}

export function dns1123Label(name: string): string[] {
  const problems = name.length > 63 ? [tooLong(63)] : []
  if (MATCH.label.test(name)) return problems
  const text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
  return [...problems, explained(text, LABEL, 'my-name', '123-abc')]
}

export function dns1123Subdomain(name: string): string[] {
  const problems = name.length > 253 ? [tooLong(253)] : []
  if (MATCH.subdomain.test(name)) return problems
  const text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  return [...problems, explained(text, SUBDOMAIN, 'example.com')]
}

export function dns1035Label(name: string): string[] {
  const problems = name.length > 63 ? [tooLong(63)] : []
  if (MATCH.label1035.test(name)) return problems
  const text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  return [...problems, explained(text, LABEL_1035, 'my-name', 'abc-123')]
}

/** Names that only have to stand in a URL: those of RBAC objects. */
export function pathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`)
}

/** A label or annotation key: `name` or `example.com/name`. */
export function qualifiedName(key: string): string[] {
  const parts = key.split('/')
  const text =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  const form = explained(text, QUALIFIED, 'MyName', 'my.name', '123-abc')
  if (parts.length > 2) {
    return [
      `a qualified name ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const problems: string[] = []
  if (parts.length === 2) {
    const prefix = parts[0]!
    if (!prefix) problems.push('prefix part must be non-empty')
    else problems.push(...dns1123Subdomain(prefix).map((problem) => `prefix part ${problem}`))
  }
  const name = parts.at(-1)!
  if (!name) problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`)
  if (name && !MATCH.qualified.test(name)) problems.push(`name part ${form}`)
  return problems
}

export function labelValue(value: string): string[] {
  const problems = value.length > 63 ? [tooLong(63)] : []
  if (MATCH.labelValue.test(value)) return problems
  const text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  return [...problems, explained(text, LABEL_VALUE, 'MyValue', 'my_value', '12345')]
}

/** A key of a ConfigMap or Secret. */
export function configKey(name: string): string[] {
  const problems = name.length > 253 ? [tooLong(253)] : []
  if (!MATCH.configKey.test(name)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    problems.push(explained(text, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'))
  }
  if (name === '.' || name === '..') problems.push(`must not be '${name}'`)
  else if (name.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

/** Any printable ASCII but `=`, since 1.34. */
export function envName(name: string): string[] {
  return ENV_NAME.test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

export function portNumber(port: unknown): string[] {
  return typeof port === 'number' && port >= 1 && port <= 65535
    ? []
    : ['must be between 1 and 65535, inclusive']
}

/** A port's name as probes and services refer to it (IANA_SVC_NAME). */
export function portName(name: string): string[] {
  const problems: string[] = []
  if (name.length > 15) problems.push('must be no more than 15 characters')
  if (!PORT_NAME.test(name))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)')
  if (name.includes('--')) problems.push('must not contain consecutive hyphens')
  if (/^-|-$/.test(name)) problems.push('must not begin or end with a hyphen')
  return problems
}
