import { expect, test } from 'vitest'
import { evaluateCondition } from './evaluate.ts'

test.each([
  ['result >= 0.95', 0.97, true],
  ['result[0] >= 0.95 && len(result) == 1', [0.9], false],
  ["result.major == '1'", { major: '1' }, true],
  ['result.data.ok == true and not (result.data.errors > 3)', { data: { ok: true, errors: 1 } }, true],
  ['asInt(result) == 1', '1', true],
  ['asFloat(result.value) < 0.5', { value: '0.25' }, true],
  ['default(result, 0) < 0.05', null, true],
  ['isNil(result) || result > 1', null, true],
  ['all(result, {# > 0})', [1, 2, 3], true],
  ['any(result, # > 2)', [1, 2], false],
  ["'a' in result", ['a', 'b'], true],
  ["'c' not in result", ['a', 'b'], true],
  ['result contains "ok"', 'all ok', true],
  ['result > 1 ? result < 5 : false', 3, true],
  ['-result + 2 ** 3 == 5', 3, true],
  ['isNaN(result)', Number.NaN, true],
  ['result == nil', undefined, true],
])('%s of %j is %s', (condition, result, expected) => {
  expect(evaluateCondition(condition, result)).toBe(expected)
})

test.each([
  ['result >', 1, /unexpected end/],
  ['foo > 1', 1, /unknown name foo/],
  ['result[3] > 1', [1], /index out of range: 3/],
  ['result', 1, /expected bool, but got number/],
  ['result > 1', 'a', /mismatched types string and number/],
  ['asInt(result) > 1', 'x', /cannot convert "x"/],
  ['result ~ 1', 1, /unrecognized character/],
])('%s of %j fails', (condition, result, error) => {
  expect(() => evaluateCondition(condition, result)).toThrow(error)
})
