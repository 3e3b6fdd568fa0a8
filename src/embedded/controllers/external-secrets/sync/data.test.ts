import { describe, expect, it } from 'vitest'
import { stored } from '../../testing/builders.ts'
import type { ExternalSecret, SecretData } from '../types.ts'
import { decode } from './decode.ts'
import { dataHash, resourceVersionKey, sha3 } from './hashes.ts'
import { checkKeys, convertKeys } from './keys.ts'
import { rewriteAll } from './rewrite.ts'
import { shouldRefresh } from './should-refresh.ts'

const bytes = (map: Record<string, string>): SecretData =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, Buffer.from(value)]))
const texts = (data: SecretData) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value.toString()]))

describe('keys', () => {
  it('converts what Kubernetes would refuse', () => {
    expect(Object.keys(convertKeys(bytes({ 'a/b c': '', 'd.e-f_g': '' })))).toEqual(['a_b_c', 'd.e-f_g'])
    expect(Object.keys(convertKeys(bytes({ 'a/b': '' }), 'Unicode'))).toEqual(['a_U002f_b'])
  })

  it('refuses collisions and invalid keys, and drops empty ones', () => {
    expect(() => convertKeys(bytes({ 'a/b': '', 'a b': '' }))).toThrow(
      'secret name collision during conversion: a_b',
    )
    expect(() => checkKeys(bytes({ 'a/b': '' }))).toThrow(
      "invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): key has invalid character /, only alphanumeric, '-', '.' and '_' are allowed: a/b",
    )
    expect(checkKeys(bytes({ '': 'x', a: 'y' }))).toEqual(bytes({ a: 'y' }))
  })
})

describe('decode', () => {
  it.each([
    ['Base64', 'aGk/', 'hi?'],
    ['Base64', 'aGk_', undefined],
    ['Base64', 'aGk', undefined],
    ['Base64URL', 'aGk_', 'hi?'],
    ['Auto', 'aGk_', 'hi?'],
    ['Auto', 'not base64!', 'not base64!'],
    ['None', 'aGk/', 'aGk/'],
  ] as const)('%s of %s is %s', (strategy, text, expected) => {
    expect(decode(Buffer.from(text), strategy)?.toString()).toBe(expected)
  })
})

describe('rewrite', () => {
  const render = (template: string, data: Record<string, string>) =>
    template.replace('{{ .value }}', data.value!)

  it('renames by regexp with groups, then by template', () => {
    const data = rewriteAll(
      bytes({ 'app/db/password': 'p' }),
      [
        { regexp: { source: 'app/(\\w+)/(?P<rest>.*)', target: '$1.$rest$none' } },
        { transform: { template: 'X_{{ .value }}' } },
      ],
      render,
    )
    expect(texts(data)).toEqual({ 'X_db.password': 'p' })
  })

  it('merges JSON values, priority keys last', () => {
    const data = bytes({ one: '{"a":1,"b":"x"}', two: '{"b":"y"}' })
    const merge = { priority: ['two'], conflictPolicy: 'Ignore' as const }
    expect(texts(rewriteAll(data, [{ merge }], render))).toEqual({ a: '1', b: 'y' })
    const into = { ...merge, strategy: 'JSON' as const, into: 'all' }
    expect(texts(rewriteAll(data, [{ merge: into }], render)).all).toBe('{"a":1,"b":"y"}')
    expect(() => rewriteAll(data, [{ merge: {} }], render)).toThrow('merge failed with conflicts: b')
    expect(() => rewriteAll(data, [{ merge: { priority: ['three'] } }], render)).toThrow(/"three" not found/)
  })
})

describe('hashes', () => {
  it('are SHA3-224 of the printed maps', () => {
    expect(dataHash(bytes({ b: 'hi', a: '' }))).toBe(sha3('map[a:[] b:[104 105]]'))
    const object = stored('v1', 'X', 'x', { metadata: { annotations: { a: 'b' }, generation: 3 } })
    expect(resourceVersionKey(object)).toBe(`3-${sha3('{annotations:map[a:b] labels:map[]}')}`)
  })
})

describe('shouldRefresh', () => {
  const NOW = Date.UTC(2026, 0, 1, 12)
  const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString()
  function ask(
    spec: Partial<ExternalSecret['spec']>,
    secondsAgo: number | undefined,
    { changed = false } = {},
  ): boolean {
    const object = stored('external-secrets.io/v1', 'ExternalSecret', 'x', { spec }) as ExternalSecret
    const synced =
      secondsAgo === undefined
        ? {}
        : {
            refreshTime: at(secondsAgo),
            syncedResourceVersion: changed ? '0-old' : resourceVersionKey(object),
          }
    return shouldRefresh({ ...object, status: synced }, NOW)
  }

  it.each([
    ['never synced', { refreshInterval: '1m' }, undefined, false, true],
    ['fresh', { refreshInterval: '1m' }, 30, false, false],
    ['due', { refreshInterval: '1m' }, 61, false, true],
    ['changed', { refreshInterval: '1m' }, 1, true, true],
    ['from the future', { refreshInterval: '1h' }, -60, false, true],
    ['frozen, though changed', { refreshInterval: '0s' }, 10, true, false],
    [
      'CreatedOnce, changed and due',
      { refreshPolicy: 'CreatedOnce', refreshInterval: '1s' },
      10,
      true,
      false,
    ],
    ['OnChange, due', { refreshPolicy: 'OnChange', refreshInterval: '1s' }, 10, false, false],
    ['OnChange, changed', { refreshPolicy: 'OnChange' }, 10, true, true],
  ] as const)('%s', (_name, spec, secondsAgo, changed, expected) => {
    expect(ask(spec, secondsAgo, { changed })).toBe(expected)
  })

  it('holds a periodic sync back outside its windows', () => {
    const due = { refreshInterval: '1m' }
    const noon = [{ schedule: '0 12 * * *', duration: '1h' }]
    const night = [{ schedule: '0 0 * * *', duration: '1h' }]
    expect(ask({ ...due, syncWindows: { kind: 'allow', windows: noon } }, 120)).toBe(true)
    expect(ask({ ...due, syncWindows: { kind: 'allow', windows: night } }, 120)).toBe(false)
    expect(ask({ ...due, syncWindows: { kind: 'deny', windows: noon } }, 120)).toBe(false)
    expect(ask({ ...due, syncWindows: { kind: 'deny', windows: night } }, 120)).toBe(true)
  })
})
