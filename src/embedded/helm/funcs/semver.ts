/** semver and semverCompare. */
import { Int, int64, Struct } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { satisfies } from './constraint.ts'
import { compareVersions, parseVersion, type Version, versionText } from './version.ts'

/** The *semver.Version that templates get, with its methods. */
class VersionStruct extends Struct {
  readonly version: Version

  constructor(version: Version) {
    const uint = (value: bigint) => new Int('uint64', value)
    const bump = (next: Partial<Version>) =>
      new VersionStruct({ ...version, prerelease: '', metadata: '', ...next })
    super(
      '*semver.Version',
      [],
      {
        Major: func('', () => uint(version.major)),
        Minor: func('', () => uint(version.minor)),
        Patch: func('', () => uint(version.patch)),
        Prerelease: func('', () => version.prerelease),
        Metadata: func('', () => version.metadata),
        Original: func('', () => version.original),
        String: func('', () => versionText(version)),
        Compare: func('any', (other) => int64(compareVersions(version, versionOf(other)))),
        Equal: func('any', (other) => compareVersions(version, versionOf(other)) === 0),
        LessThan: func('any', (other) => compareVersions(version, versionOf(other)) < 0),
        LessThanEqual: func('any', (other) => compareVersions(version, versionOf(other)) <= 0),
        GreaterThan: func('any', (other) => compareVersions(version, versionOf(other)) > 0),
        GreaterThanEqual: func('any', (other) => compareVersions(version, versionOf(other)) >= 0),
        IncMajor: func('', () => bump({ major: version.major + 1n, minor: 0n, patch: 0n })),
        IncMinor: func('', () => bump({ minor: version.minor + 1n, patch: 0n })),
        IncPatch: func('', () => bump(version.prerelease ? {} : { patch: version.patch + 1n })),
      },
      () => versionText(version),
    )
    this.version = version
  }
}

function versionOf(value: unknown): Version {
  if (value instanceof VersionStruct) return value.version
  throw new FuncError('wrong type for value; expected *semver.Version')
}

export const semver: FuncTable = {
  semver: func('string', (text) => new VersionStruct(parseVersion(text))),
  semverCompare: func('string, string', (constraint, text) => {
    // The library complains about the constraint before it looks at the version.
    satisfies(parseVersion('0.0.0'), constraint)
    return satisfies(parseVersion(text), constraint)
  }),
}
