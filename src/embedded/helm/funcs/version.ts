/** Versions as Masterminds/semver 3.5 reads them: lenient about missing parts and a leading v. */
import { FuncError } from '../template/errors.ts'

export interface Version {
  major: bigint
  minor: bigint
  patch: bigint
  prerelease: string
  metadata: string
  original: string
}

const VERSION =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** The longest text that the library takes for a version, in bytes. */
const MAX_LENGTH = 256
const MAX_SEGMENT = 2n ** 64n

/** Throws a FuncError with the library's message. */
export function parseVersion(text: string): Version {
  if (Buffer.byteLength(text) > MAX_LENGTH)
    throw new FuncError(`version string is too long (max ${MAX_LENGTH} bytes)`)
  const match = VERSION.exec(text)
  if (!match) throw new FuncError('invalid semantic version')
  const [, major = '0', minor = '.0', patch = '.0', prerelease = '', metadata = ''] = match
  const version = {
    major: segment(major),
    minor: segment(minor.slice(1)),
    patch: segment(patch.slice(1)),
    prerelease,
    metadata,
    original: text,
  }
  if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) {
    throw new FuncError('version segment starts with 0')
  }
  return version
}

function segment(digits: string): bigint {
  const value = BigInt(digits)
  if (value < MAX_SEGMENT) return value
  throw new FuncError(
    `error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`,
  )
}

export function versionText(version: Version): string {
  const { major, minor, patch, prerelease, metadata } = version
  return `${major}.${minor}.${patch}${prerelease ? `-${prerelease}` : ''}${metadata ? `+${metadata}` : ''}`
}

export function compareVersions(a: Version, b: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1
  }
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '') return 1
  if (b.prerelease === '') return -1
  return comparePrereleases(a.prerelease, b.prerelease)
}

export function comparePrereleases(a: string, b: string): number {
  const x = a.split('.')
  const y = b.split('.')
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const order = comparePart(x[i] ?? '', y[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Numbers come before words here, and a missing part before any other. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return -1
  if (b === '') return 1
  const aNumber = /^\d+$/.test(a)
  const bNumber = /^\d+$/.test(b)
  if (!aNumber && !bNumber) return a > b ? 1 : -1
  if (!bNumber) return -1
  if (!aNumber) return 1
  return BigInt(a) > BigInt(b) ? 1 : -1
}
