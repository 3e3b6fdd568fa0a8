/** A kubelet with real processes on an in-memory API, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/clock.ts'
import { silentLogger } from '../../../lib/log.ts'
import { MemoryClient } from '../../controllers/testing/memory-client.ts'
import { createNet, type Net } from '../../net/net.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import type { ImageMap } from '../images.ts'
import { createKubelet, type Kubelet } from '../kubelet.ts'
import { probeTier } from '../process/probe-tier.ts'
import type { ProbedTier } from '../process/tier.ts'
import type { BrokerInstall } from '../rabbitmq/install.ts'

export interface TestNode extends AsyncDisposable {
  client: MemoryClient
  kubelet: Kubelet
  net: Net
  tier: ProbedTier
  folder: string
  /** A pod on the node whose one container `app` runs a program of image `script`. */
  runScript(name: string, source: string, more?: PodParts): KubeObject
  createPod(name: string, spec: Record<string, unknown>): KubeObject
  pod(name: string): KubeObject | undefined
  /** Messages of the pod's events with this reason. */
  events(pod: string, reason: string): string[]
  /** The whole log of a container. */
  log(pod: string, container?: string): Promise<string>
}

interface PodParts {
  container?: Record<string, unknown>
  spec?: Record<string, unknown>
  metadata?: Record<string, unknown>
}

/** Image `node:*` runs `node`, `sh` runs /bin/sh; `script-<name>` runs the script written by runScript. */
export async function startTestNode(
  options: { tier?: ProbedTier; broker?: BrokerInstall } = {},
): Promise<TestNode> {
  const folder = mkdtempSync(join(tmpdir(), 'devenv-node-'))
  const client = new MemoryClient(systemClock)
  client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  const net = await createNet({ blockHint: process.pid, log: silentLogger })
  net.attach(client)
  const images: ImageMap = {
    file: 'devenv/images.yaml',
    rules: [
      { match: 'rabbitmq:*', runner: { kind: 'rabbitmq' } },
      { match: 'sh', runner: { kind: 'exec', command: ['/bin/sh'] } },
      { match: 'sleep', runner: { kind: 'exec', command: ['/bin/sleep'] } },
    ],
  }
  const probed = options.tier ?? (await probeTier())
  const kubelet = createKubelet({
    client,
    clock: systemClock,
    log: silentLogger,
    nodeName: 'node-1',
    podsDir: join(folder, 'pods'),
    cacheDir: join(folder, 'cache'),
    checkout: folder,
    images,
    net,
    runtimeTier: probed,
    environment: { name: 'test' },
    brokerInstall: options.broker,
  })
  kubelet.start()
  const createPod = (name: string, spec: Record<string, unknown>, metadata = {}): KubeObject => {
    const pod: Manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', ...metadata },
      spec: { nodeName: 'node-1', restartPolicy: 'Always', terminationGracePeriodSeconds: 5, ...spec },
    }
    return client.create('v1/pods', pod)
  }
  return {
    client,
    kubelet,
    net,
    tier: probed,
    folder,
    createPod,
    runScript(name, source, parts = {}) {
      const entry = join(folder, `${name}.js`)
      writeFileSync(entry, source)
      images.rules.push({ match: `script-${name}`, runner: { kind: 'node', entry } })
      const container = { name: 'app', image: `script-${name}`, ...parts.container }
      return createPod(name, { containers: [container], ...parts.spec }, parts.metadata)
    },
    pod: (name) => client.get('v1/pods', 'default', name),
    events: (pod, reason) =>
      client
        .list('v1/events', { namespace: 'default' })
        .filter((event) => event.involvedObject.name === pod && event.reason === reason)
        .map((event) => event.message),
    async log(pod, container) {
      const options = container === undefined ? {} : { container }
      const stream = await kubelet.agent.logs('default', pod, options, new AbortController().signal)
      return (await stream.toArray()).join('')
    },
    async [Symbol.asyncDispose]() {
      await kubelet.stop({ graceMs: 0 })
      await net[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits for what `look` finds, up to 10 s. */
export async function until<T>(look: () => T | undefined | false | null): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`never came true: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
