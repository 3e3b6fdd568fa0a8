/** Version constraints as Masterminds/semver 3.5 checks them: >=1.2 <2 || ~3.x, ^1.2.3, 1.2 - 1.4. */
import { quote } from '../go/strconv.ts'
import { FuncError } from '../template/errors.ts'
import { comparePrereleases, compareVersions, parseVersion, type Version } from './version.ts'

const VERSION =
  'v?([0-9|xX*]+)(\\.[0-9|xX*]+)?(\\.[0-9|xX*]+)?(-([0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*))?(\\+([0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*))?'
const OPERATORS = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^'
/** The alternatives in an order in which the longest comes first, as leftmost matching needs. */
const OPERATOR = '>=|=>|<=|=<|!=|~>|=|>|<|~|\\^|'
const ONE = new RegExp(`^\\s*(${OPERATOR})\\s*(${VERSION})\\s*$`)
const FIND = new RegExp(`(${OPERATOR})\\s*(${VERSION})`, 'g')
const VALID = new RegExp(
  `^(\\s*(${OPERATORS})\\s*(${VERSION})\\s*)((?:\\s+|,\\s*)(${OPERATORS})\\s*(${VERSION})\\s*)*$`,
)
/** Limits of the library, in bytes and in alternatives. */
const MAX_LENGTH = 512
const MAX_ALTERNATIVES = 32
const RANGE = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g')

interface Constraint {
  operator: string
  version: Version
  /** A part was left out or an x. */
  dirty: boolean
  minorDirty: boolean
  patchDirty: boolean
}

const isWild = (part: string | undefined) =>
  part === undefined || ['', 'x', 'X', '*'].includes(part.replace('.', ''))

function parseOne(text: string): Constraint {
  const match = ONE.exec(text)
  if (!match) throw new FuncError(`improper constraint: ${quote(text)}`)
  const [, operator = '', full = '', major = '', minor, patch, prerelease = ''] = match
  const flags = { dirty: false, minorDirty: false, patchDirty: false }
  let version = full
  if (isWild(major)) {
    version = `0.0.0${prerelease}`
    flags.dirty = true
  } else if (isWild(minor)) {
    version = `${major}.0.0${prerelease}`
    flags.dirty = flags.minorDirty = true
  } else if (isWild(patch)) {
    version = `${major}${minor}.0${prerelease}`
    flags.dirty = flags.patchDirty = true
  }
  try {
    return { operator, version: parseVersion(version), ...flags }
  } catch {
    throw new FuncError('constraint parser error')
  }
}

/** Alternatives, each a list of constraints that must all hold. Throws a FuncError. */
function parseConstraints(text: string): Constraint[][] {
  if (Buffer.byteLength(text) > MAX_LENGTH)
    throw new FuncError(`constraint string is too long (max ${MAX_LENGTH} bytes)`)
  const rewritten = text.replace(RANGE, (...groups) => `>= ${groups[1]}, <= ${groups[11]} `)
  const alternatives = rewritten.split('||')
  if (alternatives.length > MAX_ALTERNATIVES)
    throw new FuncError(`too many constraint groups (max ${MAX_ALTERNATIVES})`)
  return alternatives.map((alternative) => {
    if (!VALID.test(alternative)) throw new FuncError(`improper constraint: ${quote(alternative)}`)
    return (alternative.match(FIND) ?? []).map(parseOne)
  })
}

/** True when the version meets the constraints. Throws a FuncError for malformed ones. */
export function satisfies(version: Version, constraints: string): boolean {
  return parseConstraints(constraints).some((all) => {
    // A pre-release only counts where one of the constraints beside each other names one.
    if (version.prerelease !== '' && !all.some(({ version: wanted }) => wanted.prerelease !== ''))
      return false
    return all.every((constraint) => check(version, constraint))
  })
}

function check(version: Version, constraint: Constraint): boolean {
  const { operator, version: wanted, dirty } = constraint
  const order = compareVersions(version, wanted)
  switch (operator) {
    case '!=':
      return dirty ? differs(version, constraint) : order !== 0
    case '>':
      return dirty ? greater(version, constraint) : order > 0
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      if (!dirty) return order <= 0
      if (version.major !== wanted.major) return version.major < wanted.major
      return version.minor <= wanted.minor || constraint.minorDirty
    case '~':
    case '~>':
      return tilde(version, constraint)
    case '^':
      return caret(version, constraint)
    default:
      return dirty ? tilde(version, constraint) : order === 0
  }
}

function differs(version: Version, { version: wanted, minorDirty, patchDirty }: Constraint): boolean {
  if (wanted.major !== version.major) return true
  if (minorDirty) return false
  if (wanted.minor !== version.minor) return true
  if (!patchDirty) return wanted.patch !== version.patch || compareVersions(version, wanted) !== 0
  return comparePrereleases(version.prerelease, wanted.prerelease) !== 0
}

function greater(version: Version, { version: wanted, minorDirty, patchDirty }: Constraint): boolean {
  if (version.major !== wanted.major) return version.major > wanted.major
  if (minorDirty) return false
  if (patchDirty) return version.minor > wanted.minor
  return compareVersions(version, wanted) > 0
}

function tilde(version: Version, { version: wanted, minorDirty, patchDirty }: Constraint): boolean {
  if (compareVersions(version, wanted) < 0) return false
  const zero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n
  if (zero && !minorDirty && !patchDirty) return true
  return version.major === wanted.major && (version.minor === wanted.minor || minorDirty)
}

function caret(version: Version, { version: wanted, minorDirty, patchDirty }: Constraint): boolean {
  if (compareVersions(version, wanted) < 0) return false
  if (wanted.major > 0n || minorDirty) return version.major === wanted.major
  if (version.major > 0n) return false
  if (wanted.minor > 0n || patchDirty) return version.minor === wanted.minor
  return version.minor === 0n && version.patch === wanted.patch
}
