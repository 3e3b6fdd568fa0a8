/** The real broker as a pod: its users, listeners and end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BrokerInstall } from '../../../embedded/node/rabbitmq/install.ts'
import { startTestNode, until } from '../../../embedded/node/testing/node.ts'
import { messageOf } from '../../../lib/errors.ts'
import { cacheDir } from '../../../lib/paths.ts'
import { bareBroker } from './bare.ts'
import { ensureBroker, mendFetch } from './ensure.ts'

let unavailable: string | undefined
const install = await ensureBroker(cacheDir()).catch((thrown): BrokerInstall | undefined => {
  unavailable = messageOf(thrown)
  return undefined
})

async function status(url: string, user: string, password: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return fetch(url, { headers: { authorization } }).then(
    (response) => response.status,
    () => 0,
  )
}

async function becomes(wanted: number, look: () => Promise<number>): Promise<void> {
  let last = 0
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    last = await look()
    if (last === wanted) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`still ${last}, never ${wanted}`)
}

describe('RabbitMQ', { timeout: 120_000 }, () => {
  it('runs as a pod with the users of its environment, on the address of the pod', async (context) => {
    if (!install) context.skip(unavailable)
    await using node = await startTestNode({ broker: install! })
    const password = `quote" back\\ ö ${process.pid}`
    node.createPod('mq', {
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'mq',
          image: 'rabbitmq:3.13-management-alpine',
          env: [
            { name: 'RABBITMQ_DEFAULT_USER', value: 'team' },
            { name: 'RABBITMQ_DEFAULT_PASS', value: password },
            { name: 'RABBITMQ_DEFAULT_VHOST', value: 'jobs' },
          ],
          readinessProbe: { tcpSocket: { port: 5672 } },
        },
      ],
    })
    const ip = await until(() => node.pod('mq')?.status.podIP)
    await becomes(200, () => status(`http://${ip}:15672/api/queues/jobs`, 'team', password))
    await until(() => node.pod('mq')?.status.containerStatuses[0].ready)
    expect(await status(`http://${ip}:15672/api/whoami`, 'guest', 'guest')).toBe(401)
    expect(await status(`http://${ip}:15692/metrics`, '', '')).toBe(200)
    expect(await node.log('mq')).not.toContain(password)
    node.client.delete('v1/pods', 'default', 'mq')
    await until(() => !node.pod('mq'))
    expect(await status(`http://${ip}:15672/`, '', '')).toBe(0)
  })

  it('is measured bare, and leaves nothing', async (context) => {
    if (!install) context.skip(unavailable)
    const folder = mkdtempSync(join(tmpdir(), 'devenv-bare-'))
    const bare = bareBroker(install!, join(folder, 'broker'))
    try {
      expect(await bare.start()).toBeGreaterThan(100)
    } finally {
      await bare.stop()
      rmSync(folder, { recursive: true })
    }
  })

  it('that cannot be had is a clear error', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'devenv-nobroker-'))
    await expect(ensureBroker(empty, { offline: true, path: empty })).rejects.toMatchObject({
      code: 'BROKER_MISSING',
    })
    rmSync(empty, { recursive: true })
  })
})

it.each([
  ['E: Unable to locate package erlang-mnesia', 'sudo apt-get update'],
  ["Temporary failure resolving 'deb.debian.org'", expect.stringContaining('check the network')],
  ['Could not connect to proxy:3128', expect.stringContaining('check the network')],
  ['E: dpkg was interrupted', 'sudo apt-get install -y rabbitmq-server'],
])('apt says %s: the fix is what mends that', (output, fix) => {
  expect(mendFetch(output)).toEqual(fix)
})
