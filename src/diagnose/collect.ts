/** Gathers what a stranger needs to find out what went wrong, without any secret in it. */
import { readFile } from 'node:fs/promises'
import { arch, freemem, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { engineEnv } from '../cluster/k3d/state.ts'
import { examine } from '../doctor/examine.ts'
import { messageOf } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { statusSource } from '../status/gather.ts'
import { collectContainers } from './containers.ts'
import { type Add, collectEvents, collectLogs, collectObjects, type Problem } from './objects.ts'
import { redactor } from './redact.ts'
import { secretValues } from './secret-values.ts'

export interface Collected {
  /** Path in the archive → content, redacted. */
  files: Map<string, string>
  /** How many places held a secret. */
  redactions: number
  /** What could not be had, and why. */
  problems: string[]
}

const STATE_FILES = ['record.json', 'timings.json']
/** What the embedded cluster has in its folder, and others in containers. */
const EMBEDDED_FILES = ['supervisor.log', 'postgres.log']

/** Never throws for what is missing: a half-dead environment is what this is for. */
export async function collect(record: RunRecord, progress: (what: string) => void): Promise<Collected> {
  const folder = stateDir(record.name)
  const raw = new Map<string, string>()
  const problems: string[] = []
  const add: Add = (path, content) => void raw.set(path, content)
  const problem: Problem = (what, thrown) => void problems.push(`${what}: ${messageOf(thrown)}`)
  const attempt = async (what: string, take: () => Promise<void>) => {
    progress(what)
    await take().catch((thrown: unknown) => problem(what, thrown))
  }
  const client = await answering(record).catch((thrown: unknown) => {
    problem('the cluster', thrown)
    return undefined
  })
  progress('secret values, to leave them out')
  const known = await secretValues(record.name, folder, client, problem)
  await attempt('this machine', async () => add('machine.json', json(await machine())))
  await attempt('status', async () => {
    await using source = statusSource(record)
    add('status.json', json(await source.gather()))
  })
  const { kind } = record.cluster
  for (const file of [...STATE_FILES, ...(kind === 'embedded' ? EMBEDDED_FILES : [])])
    await attempt(file, async () => add(`state/${file}`, await readFile(join(folder, file), 'utf8')))
  if (kind === 'k3d')
    await attempt('containers', async () =>
      collectContainers(record.name, await engineEnv(folder, process.env), add, problem),
    )
  if (client) {
    await attempt('objects', () => collectObjects(client, add, problem))
    await attempt('events', () => collectEvents(client, add))
    await attempt('logs', () => collectLogs(client, add, problem))
    client.close()
  }
  add('problems.txt', problems.length > 0 ? `${problems.join('\n')}\n` : 'everything could be collected\n')
  const { redact, count } = redactor(known.secrets, known.published)
  const files = new Map([...raw].map(([path, content]) => [redact(path), redact(content)]))
  return { files, redactions: count(), problems }
}

async function answering(record: RunRecord): Promise<KubeClient> {
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  await client.raw('GET', '/readyz')
  return client
}

async function machine(): Promise<object> {
  return {
    node: process.version,
    platform: platform(),
    arch: arch(),
    kernel: release(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    doctor: (await examine(process.env)).findings,
  }
}

function json(object: object): string {
  return `${JSON.stringify(object, null, 2)}\n`
}
