import { describe, expect, it } from 'vitest'
import { capabilitiesOn, parsePolicy } from './policy.ts'

describe('parsePolicy', () => {
  it('reads HCL with comments, lists and nested blocks', () => {
    const rules = parsePolicy(`
      # readers
      path "team1/data/*" {
        capabilities = ["read", "list"]
        allowed_parameters = { "x" = [] }
      }
      path "/old" { policy = "write" }
    `)
    expect(rules).toEqual([
      { path: 'team1/data/*', capabilities: ['read', 'list'] },
      { path: 'old', capabilities: ['create', 'read', 'update', 'patch', 'delete', 'list'] },
    ])
  })

  it('reads JSON', () => {
    expect(parsePolicy('{"path":{"a/*":{"capabilities":["read"]}}}')).toEqual([
      { path: 'a/*', capabilities: ['read'] },
    ])
  })

  it.each(['path "a" {', 'rule "a" {}', 'path "a" { capabilities = ["fly"] }', '{'])('refuses %s', (text) => {
    expect(() => parsePolicy(text)).toThrow(/failed to parse policy/)
  })
})

describe('capabilitiesOn', () => {
  const rules = parsePolicy(`
    path "secret/*" { capabilities = ["read"] }
    path "secret/deep/*" { capabilities = ["update"] }
    path "secret/exact" { capabilities = ["list"] }
    path "secret/+/team" { capabilities = ["delete"] }
    path "secret/closed/*" { capabilities = ["read"] }
    path "secret/closed/*" { capabilities = ["deny"] }
  `)

  it.each([
    ['secret/a', ['read']],
    ['secret/deep/a', ['update']],
    ['secret/exact', ['list']],
    ['secret/exact/more', ['read']],
    ['secret/x/team', ['delete']],
    ['secret/x/team/y', ['read']],
    ['secret/closed/a', ['deny']],
    ['elsewhere', ['deny']],
  ])('%s → %j', (path, expected) => {
    expect(capabilitiesOn(rules, path)).toEqual(expected)
  })
})
