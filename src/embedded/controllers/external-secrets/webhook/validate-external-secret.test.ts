import { describe, expect, it } from 'vitest'
import type { ExternalSecret } from '../types.ts'
import { validateExternalSecret } from './validate-external-secret.ts'

const item = (secretKey: string) => ({ secretKey, remoteRef: { key: 'k' } })
const validate = (spec: ExternalSecret['spec']) => validateExternalSecret({ spec })

describe('validateExternalSecret', () => {
  it('admits data and dataFrom', () => {
    expect(validate({ data: [item('a')], dataFrom: [{ extract: { key: 'k' } }] })).toBeUndefined()
  })

  it.each<[ExternalSecret['spec'], string]>([
    [{}, 'either data or dataFrom should be specified'],
    [
      { dataFrom: [{ extract: { key: 'k' }, find: {} }] },
      'extract, find, or generatorRef cannot be set at the same time',
    ],
    [{ dataFrom: [{}] }, 'either extract, find, or sourceRef must be set to dataFrom'],
    [{ data: [item('a'), item('a')] }, 'duplicate secretKey found: a'],
    [
      { data: [item('a')], target: { deletionPolicy: 'Delete', creationPolicy: 'Merge' } },
      "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
    ],
    [
      { data: [item('a')], target: { deletionPolicy: 'Merge', creationPolicy: 'None' } },
      'deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with',
    ],
  ])('refuses %j', (spec, message) => {
    expect(validate(spec)).toBe(message)
  })

  it('joins its errors', () => {
    expect(validate({ dataFrom: [{}], data: [item('a'), item('a')] })?.split('\n')).toHaveLength(2)
  })
})
