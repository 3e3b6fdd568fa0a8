/** `bench api`: latencies of the embedded API server against a bare node:https server that holds JSON in a Map. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCertificates } from '../embedded/api/index.ts'
import { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { type Bench, benchOf, median } from './bench.ts'

const OPERATIONS = ['create', 'patch', 'watch', 'list'] as const
type Operation = (typeof OPERATIONS)[number]
/** Median latencies in ms: until the answer, and for watch from sending a patch to its event. */
type Latencies = Record<Operation, number>

export interface ApiBench extends Bench {
  operations: Record<Operation, { ours: number; yardstick: number; ratio: number }>
}

export interface BenchApiOptions {
  runs: number
  progress: (what: string) => void
}

const NAMESPACE = 'bench'
const RESOURCE = 'v1/configmaps'
/** Objects made in each run, each patched once, listed, and deleted. */
const OBJECTS = 100
const LISTS = 10

/** Alternates the servers, `runs` times. `ours` and `yardstick` are the four latencies' sum. */
export async function benchApi({ runs, progress }: BenchApiOptions): Promise<ApiBench> {
  const folder = await mkdtemp(join(tmpdir(), 'dvb-'))
  const certificates = await loadCertificates(join(folder, 'pki'), { nowMs: Date.now() })
  await writeFile(join(folder, 'certificates.json'), JSON.stringify(certificates), { mode: 0o600 })
  const { ca, clientCert: cert, clientKey: key } = certificates
  const start = (script: string) => startServer(script, folder, { ca, cert, key })
  const servers = await Promise.all([start('api-server.ts'), start('bare-server.ts')])
  const [ours, bare] = servers
  try {
    // The first rounds are the engines' to compile.
    for (const { client } of servers) await round(client, 'warm-up')
    const measured: { ours: Latencies; yardstick: Latencies }[] = []
    for (let run = 1; run <= runs; run++) {
      const yardstick = await round(bare.client, `run-${run}`)
      measured.push({ ours: await round(ours.client, `run-${run}`), yardstick })
      progress(`run ${run}: ${OPERATIONS.map((name) => line(name, measured.at(-1)!)).join(', ')}`)
    }
    return resultOf(measured)
  } finally {
    for (const { stop } of servers) stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function line(name: Operation, { ours, yardstick }: { ours: Latencies; yardstick: Latencies }): string {
  return `${name} ${ours[name].toFixed(2)}/${yardstick[name].toFixed(2)} ms`
}

function resultOf(measured: { ours: Latencies; yardstick: Latencies }[]): ApiBench {
  const sum = (latencies: Latencies) => rounded(OPERATIONS.reduce((all, name) => all + latencies[name], 0))
  const pairs = measured.map(({ ours, yardstick }) => ({ ours: sum(ours), yardstick: sum(yardstick) }))
  const operations = Object.fromEntries(
    OPERATIONS.map((name) => {
      const own = measured.map(({ ours, yardstick }) => ({ ours: ours[name], yardstick: yardstick[name] }))
      const { ours, yardstick, ratio } = benchOf(name, 'ms', own)
      return [name, { ours: rounded(ours), yardstick: rounded(yardstick), ratio }]
    }),
  ) as ApiBench['operations']
  return { ...benchOf('api', 'ms', pairs), operations }
}

async function startServer(script: string, folder: string, tls: { ca: string; cert: string; key: string }) {
  const child = fork(join(import.meta.dirname, script), [folder, NAMESPACE])
  const [port] = await once(child, 'message')
  const client = new KubeClient({ server: `https://127.0.0.1:${port}`, namespace: NAMESPACE, tls })
  return {
    client,
    stop() {
      client.close()
      child.kill()
    },
  }
}

/** Creates, patches with a watch open, lists, and leaves nothing. */
async function round(client: KubeClient, prefix: string): Promise<Latencies> {
  const names = Array.from({ length: OBJECTS }, (_, i) => `${prefix}-${i}`)
  const create: number[] = []
  for (const name of names) create.push(await timed(() => client.create(RESOURCE, configMap(name))))
  const { patch, watch } = await patchAll(client, names)
  const list: number[] = []
  for (let i = 0; i < LISTS; i++)
    list.push(await timed(() => client.list(RESOURCE, { namespace: NAMESPACE })))
  for (const name of names) await client.delete(RESOURCE, name, { namespace: NAMESPACE })
  return { create: median(create), patch: median(patch), watch: median(watch), list: median(list) }
}

/** One patch after another, each once the watch has shown the one before. */
async function patchAll(client: KubeClient, names: string[]): Promise<{ patch: number[]; watch: number[] }> {
  const ending = new AbortController()
  const events = client.watch(RESOURCE, { namespace: NAMESPACE, signal: ending.signal })
  const patch: number[] = []
  const watch: number[] = []
  const next = async (name: string) => {
    for (;;) {
      const { value, done } = await events.next()
      if (done || (value.type === 'MODIFIED' && value.object.metadata.name === name)) return
    }
  }
  const seenFirst = next(names[0]!)
  // The watch is open once it shows a change; only then is there something to measure.
  await untilSeen(client, names[0]!, seenFirst)
  for (const name of names.slice(1)) {
    const began = performance.now()
    const seen = next(name).then(() => watch.push(performance.now() - began))
    await client.patch(RESOURCE, name, { data: { round: 'two' } }, { namespace: NAMESPACE })
    patch.push(performance.now() - began)
    await seen
  }
  ending.abort()
  return { patch, watch }
}

async function untilSeen(client: KubeClient, name: string, seen: Promise<void>): Promise<void> {
  let done = false
  const noted = seen.then(() => {
    done = true
  })
  for (let i = 0; !done; i++) {
    await client.patch(RESOURCE, name, { data: { opening: String(i) } }, { namespace: NAMESPACE })
  }
  await noted
}

function configMap(name: string): KubeObject {
  const data = { round: 'one', text: 'x'.repeat(200) }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE, labels: { app: 'bench' } },
    data,
  } as KubeObject
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await action()
  return performance.now() - began
}

const rounded = (ms: number) => Number(ms.toFixed(2))
