import { describe, expect, it } from 'vitest'
import { gjsonGet, gjsonText } from './gjson.ts'
import { marshal, parseJson, plainDecimal, toBytes } from './json-text.ts'
import { dataPath, metadataPath } from './vault-path.ts'

describe('dataPath', () => {
  it.each([
    [{ path: 'secret', version: 'v2' }, 'app/db', 'secret/data/app/db'],
    [{ path: 'secret', version: 'v2' }, 'secret/app/db', 'secret/data/app/db'],
    [{ path: 'secret', version: 'v2' }, 'secret/data/app/db', 'secret/data/app/db'],
    [{ path: 'secret', version: 'v2' }, 'data/app', 'secret/data/data/app'],
    [{ path: 'secret', version: 'v2' }, 'secret/secret/x', 'secret/data/secret/x'],
    [{ path: 'kv/team', version: 'v2' }, 'kv/team/x', 'kv/team/data/x'],
    [{ path: 'secret', version: 'v1' }, 'secret/x', 'secret/x'],
    [{ path: 'secret', version: 'v1' }, 'x', 'secret/x'],
    [{ version: 'v2' }, 'kv/app', 'kv/data/app'],
    [{ version: 'v2' }, 'kv/data/app', 'kv/data/app'],
    [{ version: 'v1' }, 'kv/app', 'kv/app'],
  ] as const)('%j %s → %s', (mount, key, expected) => {
    expect(dataPath(mount, key)).toBe(expected)
  })

  it('puts metadata in place of data, and strips no mount there', () => {
    expect(metadataPath({ path: 'secret' }, 'app/db')).toBe('secret/metadata/app/db')
    expect(metadataPath({ path: 'secret', version: 'v1' }, 'app')).toBe('secret/app')
    expect(metadataPath({}, 'kv/app')).toBe('kv/metadata/app')
    expect(() => metadataPath({}, 'kv')).toThrow("provided Path isn't a valid kv v2 path")
  })
})

describe('JSON text', () => {
  it('keeps numbers as written, sorts keys and escapes HTML', () => {
    expect(marshal(parseJson('{"b":1.50,"a":12345678901234567890,"c":"<&>"}'))).toBe(
      '{"a":12345678901234567890,"b":1.50,"c":"\\u003c\\u0026\\u003e"}',
    )
  })

  it.each([
    ['"text"', 'text'],
    ['1e3', '1e3'],
    ['true', 'true'],
    ['null', ''],
    ['[1, {"a":null}]', '[1,{"a":null}]'],
  ])('%s as bytes is %s', (json, expected) => {
    expect(toBytes(parseJson(json)).toString()).toBe(expected)
  })

  it.each([
    ['1e23', `1${'0'.repeat(23)}`],
    ['1.5e-7', '0.00000015'],
    ['-2.5e21', `-25${'0'.repeat(20)}`],
    ['9007199254740993', '9007199254740992'],
    ['0.1', '0.1'],
  ])('%s as a float64 is %s', (text, expected) => {
    expect(plainDecimal(text)).toBe(expected)
  })
})

describe('gjson', () => {
  const value = parseJson(
    '{"a":{"b":"x","c.d":2.50},"list":[{"n":"one","v":1},{"n":"two","v":20}],"big":12345678901234567890}',
  )
  it.each([
    ['a.b', 'x'],
    ['a.c\\.d', '2.5'],
    ['a.*', 'x'],
    ['list.1.n', 'two'],
    ['list.#', '2'],
    ['list.#.n', '["one","two"]'],
    ['list.#(v>5).n', 'two'],
    ['list.#(n=="one").v', '1'],
    ['list.#(n%"t*")#.v', '[20]'],
    ['list.#.n|0', 'one'],
    ['list|@reverse|0.n', 'two'],
    ['a.@keys', '["b","c.d"]'],
    ['big', '12345678901234567890'],
    ['list.0', '{"n":"one","v":1}'],
  ])('%s → %s', (path, expected) => {
    const found = gjsonGet(value, path)
    expect(typeof found === 'number' ? String(found) : gjsonText(found)).toBe(expected)
  })

  it.each(['none', 'a.b.c', 'list.9', 'list.n', 'list.#(n=="three")', 'a.@nothing'])('has no %s', (path) => {
    expect(gjsonGet(value, path)).toBeUndefined()
  })
})
