/** A secret's way from Vault to the pods and scalers, as steps: each is timed and says what it waits for. */
import { missingReady } from '../components/ready/conditions.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { LiveObjects } from '../lib/kube/live.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { RunRecord } from '../lib/record.ts'
import { type Probed, waitFor } from '../lib/wait.ts'
import { missingRestart, type Restart, restart, restartsFor, WORKLOADS } from '../secret/restart.ts'
import {
  type Changes,
  missingKeys,
  type Reader,
  readersOf,
  scalersWith,
  workloadsWith,
} from '../secret/usage.ts'
import type { VaultKv } from '../secret/vault-kv.ts'
import type { Step, StepProgress } from './step.ts'

/** A server that knows the value itself and is told of the new one once Vault has it. */
export interface ServerChange {
  /** `RabbitMQ user hr_assist`. */
  title: string
  change(): Promise<void>
  /** What the summary says of it. */
  done: string
}

export interface SecretContext {
  record: RunRecord
  kube: KubeClient
  live: LiveObjects
  vault: VaultKv
  changes: Changes
  server?: ServerChange
  /** Keeps the new value for the next `up`, once nothing can fail any more. */
  keep(): Promise<void>
  /** Restart pods that hold the old value. */
  restart: boolean
  /** Workloads whose restart would cost what they hold: name → why. */
  spared: Map<string, string>
  written: { path: string; version: number; previous: number }[]
  readers: Reader[]
  /** Step id → what it did, for the summary. */
  did: Map<string, string>
}

const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'
const AUTHENTICATIONS = 'keda.sh/v1alpha1/triggerauthentications'
const EXTERNAL_SECRETS = 'external-secrets.io/v1/externalsecrets'
const FAST_MS = 60_000
const PODS_MS = 900_000
const LOOK_MS = 200

/** Vault → server → ExternalSecrets → Secrets → pods and scalers. */
export function secretSteps(server: ServerChange | undefined): Step<SecretContext>[] {
  const step = (
    id: string,
    title: string,
    needs: string[],
    budgetMs: number,
    run: Step<SecretContext>['run'],
  ) => ({
    id,
    title,
    needs,
    budgetMs,
    run,
  })
  return [
    step('vault', 'Vault', [], FAST_MS, writeVault),
    ...(server ? [step('server', server.title, ['vault'], FAST_MS, changeServer)] : []),
    step('refresh', 'ExternalSecrets', [server ? 'server' : 'vault'], FAST_MS, refresh),
    step('secrets', 'Secrets', ['refresh'], FAST_MS, waitSecrets),
    step('pods', 'Pods', ['secrets'], PODS_MS, restartPods),
    step('scalers', 'KEDA', ['secrets'], FAST_MS, checkScalers),
  ]
}

async function writeVault(context: SecretContext, { waiting }: StepProgress): Promise<void> {
  const { vault, changes, written, did } = context
  for (const [path, values] of changes) {
    waiting(`Vault to take ${vault.mount}/${path}`)
    const { data, version } = await vault.read(path)
    const next = await vault.write(path, { ...data, ...values }, version)
    written.push({ path, version: next, previous: version })
  }
  did.set('vault', written.map(({ path, version }) => `${vault.mount}/${path} v${version}`).join(', '))
  if (!context.server) await context.keep()
}

/** A server that cannot be changed must not be left behind: Vault gets back what it held. */
async function changeServer(context: SecretContext): Promise<void> {
  const { server, did } = context
  try {
    await server!.change()
  } catch (thrown) {
    const undone = await undo(context).catch(
      (failure: unknown) => `Vault could not be undone: ${messageOf(failure)}`,
    )
    throw new DevenvError('STEP_FAILED', `${messageOf(thrown)}; ${undone}`, { cause: thrown })
  }
  await context.keep()
  did.set('server', server!.done)
}

async function undo({ vault, written }: SecretContext): Promise<string> {
  for (const { path, version, previous } of written)
    await vault.write(path, (await vault.readVersion(path, previous)).data, version)
  return 'Vault holds the old values again'
}

/** Any changed annotation makes External Secrets read at once. */
async function refresh(context: SecretContext, { waiting, signal }: StepProgress): Promise<void> {
  const { kube, live, record, changes, did } = context
  const { namespace } = record
  const { items } = await kube.list(EXTERNAL_SECRETS, { namespace })
  context.readers = readersOf(items, changes)
  const before = new Map(items.map(({ metadata, status }) => [metadata.name, status?.refreshTime]))
  const annotations = { 'force-sync': String(Date.now()) }
  for (const { name } of context.readers)
    await kube.patch(EXTERNAL_SECRETS, name, { metadata: { annotations } }, { namespace })
  await live.until(
    () => {
      for (const { name } of context.readers) {
        const object = live.get(EXTERNAL_SECRETS, namespace, name)
        const synced = object?.status?.syncedResourceVersion
        const missing = missingReady(object)
        if (missing) return { waiting: `ExternalSecret ${name}: ${missing}` }
        // refreshTime has whole seconds: two reads within one second differ in the version that was synced.
        if (object?.status?.refreshTime === before.get(name) && synced === syncedOf(items, name))
          return { waiting: `ExternalSecret ${name} to read Vault` }
      }
      return { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
  did.set('refresh', context.readers.map(({ name }) => name).join(', ') || 'none reads these keys')
}

function syncedOf(objects: KubeObject[], name: string): unknown {
  return objects.find(({ metadata }) => metadata.name === name)?.status?.syncedResourceVersion
}

async function waitSecrets(context: SecretContext, { waiting, signal }: StepProgress): Promise<void> {
  const { live, record, readers, did } = context
  await live.until(
    () => {
      for (const { secret, expected } of readers) {
        const keys = missingKeys(live.get('v1/secrets', record.namespace, secret), expected)
        if (keys.length > 0) return { waiting: `Secret ${secret}: ${keys.join(', ')} is still the old value` }
      }
      return { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
  did.set('secrets', readers.map(({ secret }) => secret).join(', ') || 'none')
}

async function restartPods(context: SecretContext, { waiting, signal }: StepProgress): Promise<void> {
  const { kube, record, readers, spared, did } = context
  const { namespace } = record
  const all = (
    await Promise.all(WORKLOADS.map((resource) => kube.listIfServed(resource, { namespace })))
  ).flat()
  const using = workloadsWith(all, new Set(readers.map(({ secret }) => secret)))
  const kept = using.filter(({ metadata }) => spared.has(metadata.name))
  const { items: pods } = await kube.list('v1/pods', { namespace })
  const restarts = restartsFor(
    using.filter((workload) => !kept.includes(workload)),
    pods,
  )
  const left = kept.map(({ metadata }) => `${metadata.name} goes on: ${spared.get(metadata.name)}`)
  const count = restarts.map(({ workload, old }) => `${workload.metadata.name} (${old.size})`).join(', ')
  if (!context.restart) {
    did.set('pods', count ? `keep the old value until they restart (--restart): ${count}` : 'none to restart')
    return
  }
  for (const one of restarts) await restart(kube, one)
  await waitFor('the pods to restart', () => restarted(kube, namespace, restarts), {
    timeoutMs: PODS_MS,
    intervalMs: LOOK_MS,
    signal,
    onWaiting: (state) => waiting(state.waiting),
  })
  did.set('pods', [count ? `restarted ${count}` : 'none to restart', ...left].join('; '))
}

async function restarted(kube: KubeClient, namespace: string, restarts: Restart[]): Promise<Probed<boolean>> {
  const { items: pods } = await kube.list('v1/pods', { namespace })
  for (const one of restarts) {
    const workload = await kube.find(one.resource, one.workload.metadata.name, { namespace })
    const missing = missingRestart(one, workload, pods)
    if (missing) return { waiting: missing }
  }
  return { done: true }
}

/**
 * KEDA keeps its credentials until they are refused; Ready alone may be a look at the past. Its metrics API asks the
 * broker for each request, so an answer there proves the new credentials.
 */
async function checkScalers(context: SecretContext, { waiting, signal }: StepProgress): Promise<void> {
  const { kube, record, readers, did } = context
  const { namespace } = record
  const [scaledObjects, authentications] = await Promise.all([
    kube.listIfServed(SCALED_OBJECTS, { namespace }),
    kube.listIfServed(AUTHENTICATIONS, { namespace }),
  ])
  const using = scalersWith(scaledObjects, authentications, new Set(readers.map(({ secret }) => secret)))
  for (const { metadata } of using) {
    await waitFor(
      `ScaledObject ${metadata.name}`,
      async () => {
        const object = await kube.get(SCALED_OBJECTS, metadata.name, { namespace })
        const missing = (await metricsFail(kube, object)) ?? missingReady(object)
        return missing ? { waiting: missing } : { done: true }
      },
      {
        timeoutMs: FAST_MS,
        intervalMs: LOOK_MS,
        signal,
        onWaiting: (state) => waiting(`ScaledObject ${metadata.name}: ${state.waiting}`),
      },
    )
  }
  const names = using.map(({ metadata }) => metadata.name).join(', ')
  did.set('scalers', names ? `${names} read their queues` : 'no scaler uses these Secrets')
}

async function metricsFail(kube: KubeClient, { metadata, status }: KubeObject): Promise<string | undefined> {
  const selector = encodeURIComponent(`scaledobject.keda.sh/name=${metadata.name}`)
  for (const metric of (status?.externalMetricNames ?? []) as string[]) {
    const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${metadata.namespace}/${metric}`
    try {
      await kube.raw('GET', `${path}?labelSelector=${selector}`)
    } catch (thrown) {
      return messageOf(thrown)
    }
  }
  return undefined
}
