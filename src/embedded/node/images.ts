/** devenv/images.yaml: which local program stands in for which container image. */

/** What runs in place of an image: `env` has defaults, below what the pod itself sets. */
export type Runner =
  | { kind: 'node'; entry: string; env?: Record<string, string> }
  | { kind: 'rabbitmq'; env?: Record<string, string> }
  | { kind: 'exec'; command: string[]; env?: Record<string, string> }

interface ImageRule {
  /** Glob on the full image reference: `*` stands for any run of characters. Without a tag, any tag fits. */
  match: string
  runner: Runner
}

export interface ImageMap {
  /** The file that the rules come from, as messages name it. */
  file: string
  rules: ImageRule[]
}

/**
 * Reads the parsed YAML of an image map: `images: [{match, runner: {kind, …}}]`.
 * Throws an Error that names the rule and what is wrong with it.
 */
export function parseImages(document: unknown, file: string): ImageMap {
  const rules = (document as { images?: unknown } | null)?.images
  if (!Array.isArray(rules)) throw new Error(`${file}: "images" must be a list of {match, runner}`)
  return { file, rules: rules.map((rule, index) => parseRule(rule, `${file}: images[${index}]`)) }
}

function parseRule(rule: unknown, where: string): ImageRule {
  const { match, runner } = (rule ?? {}) as { match?: unknown; runner?: Record<string, unknown> }
  if (typeof match !== 'string' || match === '') throw new Error(`${where}.match must be a string`)
  const env = parseEnv(runner?.env, `${where}.runner.env`)
  switch (runner?.kind) {
    case 'node':
      if (typeof runner.entry !== 'string') throw new Error(`${where}.runner.entry must be a path`)
      return { match, runner: { kind: 'node', entry: runner.entry, ...env } }
    case 'rabbitmq':
      return { match, runner: { kind: 'rabbitmq', ...env } }
    case 'exec': {
      const { command } = runner
      if (!Array.isArray(command) || command.length === 0 || command.some((word) => typeof word !== 'string'))
        throw new Error(`${where}.runner.command must be a list of strings`)
      return { match, runner: { kind: 'exec', command, ...env } }
    }
    default:
      throw new Error(`${where}.runner.kind must be node, rabbitmq or exec`)
  }
}

function parseEnv(env: unknown, where: string): { env?: Record<string, string> } {
  if (env === undefined) return {}
  const entries = env !== null && typeof env === 'object' ? Object.entries(env) : undefined
  if (!entries || entries.some(([, value]) => typeof value !== 'string'))
    throw new Error(`${where} must map names to strings`)
  return { env: Object.fromEntries(entries) }
}

/** The runner of the first rule that matches, or undefined. */
export function findRunner(images: ImageMap, reference: string): Runner | undefined {
  return images.rules.find((rule) => matches(rule.match, reference))?.runner
}

function matches(pattern: string, reference: string): boolean {
  const subject = hasTag(pattern) ? reference : repository(reference)
  const source = pattern.split('*').map(escaped).join('.*')
  return new RegExp(`^${source}$`).test(subject)
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}

/** True when what follows the last slash names a tag or a digest. */
function hasTag(reference: string): boolean {
  return /[:@][^/]*$/.test(reference)
}

/** The reference without tag and digest. */
function repository(reference: string): string {
  return reference.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '')
}

/** Why an image cannot be had, with the lines that would mend it. */
export function unmappedMessage(images: ImageMap, reference: string): string {
  return (
    `no program is mapped to this image: add to ${images.file} under "images": ` +
    `- {match: "${repository(reference)}", runner: {kind: exec, command: [PROGRAM]}}`
  )
}
