import { describe, expect, it } from 'vitest'
import { withBroker } from './liveness.ts'
import type { ComponentStatus } from './status.ts'

describe('what the broker said of itself', () => {
  const at = { endpoint: 'amqp://127.0.0.1:5672' }
  const broker = (more: Partial<ComponentStatus>): ComponentStatus => ({
    name: 'RabbitMQ',
    version: '',
    implementation: 'real',
    ready: false,
    message: 'its address is not known yet',
    ...more,
  })

  it('counts where this machine has no address for it', () => {
    expect(withBroker(broker({}), { version: '3.13.7' })).toMatchObject({ ready: true, version: '3.13.7' })
    expect(withBroker(broker({}), {})).toMatchObject({ ready: false })
  })

  it('does not make up for an address that refuses', () => {
    expect(withBroker(broker({ ...at, message: 'refused' }), { version: '3.13.7' })).toMatchObject({
      ready: false,
      message: 'refused',
    })
  })

  it('an alarm is no readiness', () => {
    const alarm = 'memory'
    for (const one of [broker({}), broker({ ...at, ready: true })])
      expect(withBroker(one, { version: '3', alarm })).toMatchObject({ ready: false, message: alarm })
  })
})
