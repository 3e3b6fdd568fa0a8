import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromPlain, toPlain } from '../go/plain.ts'
import { parseYaml, toYaml, YamlError } from './index.ts'

describe('parseYaml', () => {
  it('reads YAML 1.1 scalars as go-yaml does', () => {
    expect(toPlain(parseYaml('a: yes\nb: 010\nc: 1_000\nd: 2024-01-02\ne: ~\nf: 1:20\ng: .5'))).toEqual({
      a: true,
      b: 8,
      c: 1000,
      d: '2024-01-02',
      e: null,
      f: '1:20',
      g: 0.5,
    })
  })

  it('names the line of an error', () => {
    expect(() => parseYaml('a: 1\nb:\n  - x\n c: 2\n')).toThrow(YamlError)
    expect(() => parseYaml('a: 1\nb: c: d\n')).toThrow(
      'yaml: line 2: mapping values are not allowed in this context',
    )
  })
})

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
/** go-yaml writes the key << plainly, and then reads it as a merge: Helm has that too. */
const key = fc.string({ minLength: 1 }).filter((name) => name !== '<<')
const document = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('node')), fc.dictionary(key, tie('node'))),
})).node

it('reads back whatever it writes', () => {
  const normal = (value: unknown) => JSON.parse(JSON.stringify(value))
  fc.assert(
    fc.property(document, (value) => {
      const plain = toPlain(parseYaml(toYaml(fromPlain(value))))
      expect(normal(plain)).toEqual(normal(value))
    }),
    { numRuns: 500 },
  )
})
