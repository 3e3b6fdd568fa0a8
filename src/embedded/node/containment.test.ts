/** Pods' processes in every tier that works here: what they see, and that they never outlive their supervisor. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tierRefusal } from './process/probe-tier.ts'
import type { Tier } from './process/tier.ts'
import { startTestNode, until } from './testing/node.ts'

const DOOMED = fileURLToPath(new URL('./testing/doomed-node.ts', import.meta.url))
const TIERS: Tier[] = ['root-namespaces', 'user-namespaces', 'groups']

/** Host pids of processes that run below this folder. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${folder}/`) ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

describe.each(TIERS)('tier %s', async (tier) => {
  const why = tier === 'groups' ? undefined : await tierRefusal(tier)

  it('ends every process of its pods when the supervisor is killed', async (context) => {
    if (why) context.skip(why)
    const parent = spawn(process.execPath, [DOOMED, tier], { stdio: ['ignore', 'pipe', 'inherit'] })
    const { value } = await createInterface({ input: parent.stdout })[Symbol.asyncIterator]().next()
    const folder = String(value)
    try {
      await until(() => processesOf(folder).length >= 2)
      parent.kill('SIGKILL')
      await until(() => processesOf(folder).length === 0)
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder)
    } finally {
      parent.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('lets a Node program find Services by name and listen on every address of its own', async (context) => {
    if (why) context.skip(why)
    await using node = await startTestNode({ tier: { tier, reason: 'asked for' } })
    node.client.create('v1/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { clusterIP: node.net.services.allocate(), ports: [{ port: 8080, targetPort: 8000 }] },
    })
    await until(() => node.net.lookup('web.default'))
    const server = `require('http').createServer((q, r) => require('dns').lookup('web.default.svc', (e, ip) => r.end(ip))).listen(8000, '0.0.0.0')`
    node.runScript('one', server)
    node.runScript('two', server)
    for (const name of ['one', 'two']) {
      const ip = await until(() => node.pod(name)?.status.podIP)
      const answer = await until2(() =>
        fetch(`http://${ip}:8000/`).then(
          (response) => response.text(),
          () => undefined,
        ),
      )
      expect(answer).toBe(node.net.lookup('web.default'))
    }
  })

  it('ends a container and all that it started', async (context) => {
    if (why) context.skip(why)
    await using node = await startTestNode({ tier: { tier, reason: 'asked for' } })
    node.createPod('family', {
      containers: [{ name: 'app', image: 'sh', args: ['-c', 'sleep 300 & sleep 300'] }],
    })
    await until(() => processesOf(node.folder).length >= 2)
    node.client.delete('v1/pods', 'default', 'family', { gracePeriodSeconds: 0 })
    await until(() => processesOf(node.folder).length === 0)
  })
})

async function until2<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('never came true')
}
