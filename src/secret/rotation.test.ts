import { expect, test } from 'vitest'
import { findRotatable, replaceEverywhere, rotatables } from './rotation.ts'
import type { Values } from './vault-kv.ts'

const password = { generate: 'password' as const, length: 8 }
const seed = {
  mount: 'm',
  paths: {
    rabbitmq: { USER: { value: 'hr', ref: 'user' }, PASS: { ...password, ref: 'brokerPassword' } },
    workers: { PASS: { ...password, ref: 'brokerPassword' }, KEY: password, MODEL: 'gpt' },
  },
}
const all = rotatables(seed, { rabbitmq: 'brokerPassword', postgres: 'dbPassword' })

test('generated values can be rotated, those of a server by its name; literals cannot', () => {
  expect(all).toEqual([
    {
      name: 'rabbitmq',
      ref: 'brokerPassword',
      origin: { path: 'rabbitmq', key: 'PASS' },
      server: 'rabbitmq',
    },
    { name: 'workers/KEY', ref: 'workers/KEY', origin: { path: 'workers', key: 'KEY' } },
  ])
  expect(findRotatable(all, 'brokerPassword').server).toBe('rabbitmq')
})

test('an unknown name is answered with those that there are', () => {
  expect(() => findRotatable(all, 'user')).toThrow(
    expect.objectContaining({ code: 'USAGE', fix: 'There are rabbitmq, workers/KEY.' }),
  )
})

test('the new value goes wherever the old one is, also where a user has put it', () => {
  const paths = new Map<string, Values>([
    ['rabbitmq', { USER: 'hr', PASS: 'old' }],
    ['mine', { COPY: 'old', OTHER: 'x' }],
    ['shared', { KEY: 'y' }],
  ])
  expect(replaceEverywhere(paths, 'old', 'new')).toEqual(
    new Map([
      ['rabbitmq', { PASS: 'new' }],
      ['mine', { COPY: 'new' }],
    ]),
  )
})
