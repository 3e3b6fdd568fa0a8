import { expect, test } from 'vitest'
import { brokerAddress } from './broker.ts'
import { listenHost, numberFrom } from './env.ts'
import { createLog, reasonOf } from './log.ts'

test.each([
  [{}, 7],
  [{ N: '' }, 7],
  [{ N: 'many' }, 7],
  [{ N: '-1' }, 7],
  [{ N: '0' }, 0],
  [{ N: ' 12 ' }, 12],
])('a number from %o', (env, expected) => {
  expect(numberFrom(env, 'N', 7)).toBe(expected)
})

test('HOST wins over POD_IP, and both over every address', () => {
  expect(listenHost({ HOST: '127.0.0.1', POD_IP: '127.0.0.2' })).toBe('127.0.0.1')
  expect(listenHost({ POD_IP: '127.0.0.2' })).toBe('127.0.0.2')
  expect(listenHost({})).toBe('0.0.0.0')
})

test('the broker is where the stack says', () => {
  const env = {
    RABBITMQ_DEFAULT_HOST: 'team1-project-rabbitmq',
    RABBITMQ_PORT: '5673',
    RABBITMQ_DEFAULT_USER: 'u',
    RABBITMQ_DEFAULT_PASS: 'p',
    RABBITMQ_DEFAULT_VHOST: 'v',
  }
  expect(brokerAddress(env)).toMatchObject({
    hostname: 'team1-project-rabbitmq',
    port: 5673,
    username: 'u',
    password: 'p',
    vhost: 'v',
  })
})

test('the log drops what is below its level', () => {
  const lines: string[] = []
  const log = createLog({ LOG_LEVEL: 'warning' }, (line) => void lines.push(line))
  log.info('no')
  log.error('yes', { code: 1 })
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'ERROR', message: 'yes', code: 1 }])
})

test('the reason of a failed connection to several addresses is the first one', () => {
  expect(reasonOf(new AggregateError([new Error('refused'), new Error('other')]))).toBe('refused')
})
