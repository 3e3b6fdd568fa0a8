/** `secret set` and `secret rotate`: what is changed, and the steps that carry it through. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshValue } from '../components/vault/generate.ts'
import { type Environment, environmentSchema } from '../config/environment.ts'
import { type VaultSeed, vaultSeedSchema } from '../config/seeds.ts'
import { readYaml } from '../config/yaml-file.ts'
import { systemClock } from '../lib/clock.ts'
import { DevenvError } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import { stateDir, writeFileAtomic } from '../lib/paths.ts'
import { reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import { readVaultAccess } from '../lib/vault-access.ts'
import { findRotatable, type Rotatable, replaceEverywhere, rotatables } from '../secret/rotation.ts'
import {
  changeBrokerPassword,
  changePostgresPassword,
  checkBrokerPassword,
  checkPostgresPassword,
} from '../secret/servers.ts'
import type { Changes } from '../secret/usage.ts'
import { openVaultKv, pathBelow, type Values, type VaultKv } from '../secret/vault-kv.ts'
import { secretsPath } from './plan.ts'
import { runSteps } from './run.ts'
import { type SecretContext, type ServerChange, secretSteps } from './secret.ts'
import type { Step, StepListener, Timings } from './step.ts'

export interface SecretRun {
  steps: Step<SecretContext>[]
  /** What can be said before anything is done: a value that a server knows is set in Vault alone, say. */
  notes: string[]
  run(listener: StepListener, signal: AbortSignal): Promise<SecretResult>
}

export interface SecretResult {
  paths: { path: string; version: number }[]
  timings: Timings
  /** Step id → what it did. */
  did: Record<string, string>
}

/** New values under the keys of one path; its other keys stay. `restart`: pods that hold the old ones, too. */
export async function planSet(
  record: RunRecord,
  path: string,
  values: Values,
  restart: boolean,
): Promise<SecretRun> {
  const { vault, all } = await prepare(record)
  const below = pathBelow(vault.mount, path)
  const known = all.filter(({ server, origin }) => server && origin.path === below && origin.key in values)
  const notes = known.map(
    ({ name, origin }) =>
      `${origin.key}: the server keeps its old value and will refuse this one; npm run secret -- rotate ${name} changes both`,
  )
  const changes: Changes = new Map([[below, values]])
  return secretRun(record, vault, { changes, restart, keep: async () => undefined }, notes)
}

/** A new value for one of the generated ones, in every path that carries it, in its server, in pods and scalers. */
export async function planRotation(record: RunRecord, name: string): Promise<SecretRun> {
  const { vault, all, seed, environment } = await prepare(record)
  const chosen = findRotatable(all, name)
  const { path, key } = chosen.origin
  const current = (await vault.read(path)).data[key]
  if (current === undefined)
    throw new DevenvError('STEP_FAILED', `Vault has no ${vault.mount}/${path} ${key} to rotate`)
  const next = freshValue(specOf(seed, chosen))
  const paths = new Map<string, Values>()
  for (const each of await vault.list()) paths.set(each, (await vault.read(each)).data)
  return secretRun(record, vault, {
    changes: replaceEverywhere(paths, current, next),
    restart: true,
    keep: () => keepValue(record.name, chosen.ref, next),
    server: (kube) => serverChange(chosen, { record, kube, environment, current, next }),
    spared: new Map([
      [environment.rabbitmq.service, 'its user was changed in place, and a restart would cost its messages'],
    ]),
  })
}

async function prepare(record: RunRecord) {
  const seed = await readSeed(record)
  return { ...seed, vault: await openVaultKv(await readVaultAccess(record.name)) }
}

async function readSeed({ checkout }: RunRecord) {
  const environment = await readYaml(join(checkout, 'devenv', 'devenv.yaml'), environmentSchema, checkout)
  const seed = await readYaml(join(checkout, environment.vault.seed), vaultSeedSchema, checkout)
  const refs = { rabbitmq: environment.rabbitmq.passwordRef, postgres: environment.postgres.passwordRef }
  return { environment, seed, all: rotatables(seed, refs) }
}

function specOf(seed: VaultSeed, { origin }: Rotatable) {
  const entry = seed.paths[origin.path]?.[origin.key]
  if (typeof entry === 'object' && 'generate' in entry) return entry
  throw new DevenvError('BUG', `${origin.path} ${origin.key} is not generated`)
}

interface Change {
  changes: Changes
  restart: boolean
  keep(): Promise<void>
  server?(kube: KubeClient): Promise<ServerChange | undefined>
  spared?: Map<string, string>
}

async function secretRun(
  record: RunRecord,
  vault: VaultKv,
  change: Change,
  notes: string[] = [],
): Promise<SecretRun> {
  const kube = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  const server = await change.server?.(kube)
  const steps = secretSteps(server)
  const run = async (listener: StepListener, signal: AbortSignal): Promise<SecretResult> => {
    using live = new LiveObjects(kube)
    const context: SecretContext = {
      record,
      kube,
      live,
      vault,
      changes: change.changes,
      ...(server ? { server } : {}),
      keep: change.keep,
      restart: change.restart,
      spared: change.spared ?? new Map(),
      written: [],
      readers: [],
      did: new Map(),
    }
    const { timings, error } = await runSteps(steps, context, { clock: systemClock, signal, listener })
    kube.close()
    if (error) throw failure(error, context)
    return { paths: context.written, timings, did: Object.fromEntries(context.did) }
  }
  return { steps, notes, run }
}

/** What was written stays written: the reader must know where the new value has got to. */
function failure(error: DevenvError, { written, vault, did }: SecretContext): DevenvError {
  const paths = written.map(({ path }) => `${vault.mount}/${path}`).join(', ')
  const reached = written.length === 0 ? 'nothing was written' : `Vault has new versions of ${paths}`
  const done = [...did.keys()].filter((id) => id !== 'vault')
  return new DevenvError(
    error.code,
    `${error.message} (${reached}${done.length ? `; done: ${done.join(', ')}` : ''})`,
    {
      cause: error,
      exitCode: error.exitCode,
      fix: 'npm run status and npm run why show what is missing; the same command again carries on with new values.',
    },
  )
}

async function serverChange(
  { server }: Rotatable,
  given: { record: RunRecord; kube: KubeClient; environment: Environment; current: string; next: string },
): Promise<ServerChange | undefined> {
  const { record, kube, environment, current, next } = given
  if (server === 'rabbitmq') {
    const access = { ...(await reachBroker(record, kube)), password: current }
    await checkBrokerPassword(access)
    return {
      title: `RabbitMQ user ${access.username}`,
      change: () => changeBrokerPassword(access, next),
      done: `${access.username} has the new password, the old one is refused`,
    }
  }
  if (server === 'postgres') {
    const { hostname: host, port } = new URL(record.endpoints.postgres ?? '')
    const { user, database } = environment.postgres
    const access = { host, port: Number(port), user, password: current, database }
    await checkPostgresPassword(access)
    return {
      title: `Postgres role ${user}`,
      change: () => changePostgresPassword(access, next),
      done: `${user} has the new password`,
    }
  }
  return undefined
}

/** The generated values are what the next `up` starts servers with. */
async function keepValue(name: string, ref: string, value: string): Promise<void> {
  const path = secretsPath(stateDir(name))
  const known = JSON.parse(await readFile(path, 'utf8')) as Values
  await writeFileAtomic(path, JSON.stringify({ ...known, [ref]: value }))
}
