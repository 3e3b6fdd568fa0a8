import { describe, expect, it } from 'vitest'
import { generateSecrets } from './generate.ts'

const seed = {
  mount: 'team1',
  paths: {
    rabbitmq: {
      USER: { value: 'hr', ref: 'user' },
      PASS: { generate: 'password' as const, length: 24, ref: 'pass' },
    },
    workers: {
      PASS: { generate: 'password' as const, length: 24, ref: 'pass' },
      KEY: { generate: 'token' as const, length: 8, prefix: 'local-' },
      MODEL: 'gpt',
    },
  },
}

describe('generateSecrets', () => {
  it('gives one value to every path that names the same ref', () => {
    const { paths } = generateSecrets(seed, {})
    expect(paths.rabbitmq?.PASS).toMatch(/^[A-Za-z0-9]{24}$/)
    expect(paths.workers?.PASS).toBe(paths.rabbitmq?.PASS)
    expect(paths.workers?.KEY).toMatch(/^local-[0-9a-f]{8}$/)
    expect(paths.workers?.MODEL).toBe('gpt')
    expect(paths.rabbitmq?.USER).toBe('hr')
  })

  it('keeps what was made before, and makes other values for another environment', () => {
    const first = generateSecrets(seed, {})
    expect(generateSecrets(seed, first.values)).toEqual(first)
    expect(generateSecrets(seed, {}).paths.rabbitmq?.PASS).not.toBe(first.paths.rabbitmq?.PASS)
  })
})
