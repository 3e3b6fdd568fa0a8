/** Why a Secret holds what it holds: store → ExternalSecret → Secret → the pods that read it. */
import { parseGoDuration } from '../lib/go-duration.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { forceSync } from './commands.ts'
import { usersOf } from './secret-users.ts'
import { lastEvent, type SecretView, type Snapshot } from './snapshot.ts'
import { secretTraps } from './traps/secret-traps.ts'
import { type ChainStep, type Explanation, link, type Next } from './why.ts'
import { ago, clause, count, secondsUntil, span } from './words.ts'

/** External Secrets' default refreshInterval: 1h0m0s. */
const DEFAULT_REFRESH = '1h'

/** For an ExternalSecret, or the Secret that one makes. */
export function explainExternalSecret(external: KubeObject, snapshot: Snapshot): Explanation {
  const name: string = external.spec?.target?.name ?? external.metadata.name
  const secret = snapshot.secrets.find((one) => one.name === name)
  const chain = [storeStep(external, snapshot), syncStep(external, snapshot), refreshStep(external)]
  chain.push(...secretSteps(name, secret, snapshot))
  return { chain, next: nextSync(external, snapshot.now), traps: secretTraps(external, secret, snapshot) }
}

/** For a Secret that no ExternalSecret makes. */
export function explainPlainSecret(secret: SecretView, snapshot: Snapshot): Explanation {
  const source = link('source', null, 'No ExternalSecret makes it: whoever wrote it has to write it anew.')
  return {
    chain: [source, ...secretSteps(secret.name, secret, snapshot)],
    next: { text: 'Nothing until somebody writes it.' },
    traps: [],
  }
}

function storeStep({ spec }: KubeObject, { secretStores }: Snapshot): ChainStep {
  const { kind = 'SecretStore', name } = spec?.secretStoreRef ?? {}
  const store = secretStores.find((one) => one.kind === kind && one.metadata.name === name)
  if (!store) return link('store', null, `${kind} ${name} does not exist.`)
  const ready = condition(store, 'Ready')
  const server = store.spec?.provider?.vault?.server
  const where = server ? ` (Vault at ${server})` : ''
  if (ready?.status === 'True') return link('store', true, `${kind} ${name}${where} is ready.`)
  return link(
    'store',
    false,
    `${kind} ${name}${where} is not ready: ${clause(ready?.message ?? 'not looked at yet')}.`,
  )
}

/** The condition says only that it failed; the event has the real error. */
function syncStep(external: KubeObject, snapshot: Snapshot): ChainStep {
  const ready = condition(external, 'Ready')
  if (!ready) return link('sync', null, 'External Secrets has not looked at it yet.')
  const read = `last read ${ago(external.status?.refreshTime, snapshot.now)}`
  if (ready.status === 'True')
    return link('sync', true, `Synced (${ready.message ?? ready.reason}), ${read}.`)
  const failure = lastEvent(snapshot, external, ['UpdateFailed'])
  return link(
    'sync',
    false,
    `The sync fails: ${clause(failure?.message ?? ready.message ?? ready.reason ?? 'no reason given')}; ${read}.`,
  )
}

function intervalSeconds({ spec }: KubeObject): number {
  return (parseGoDuration(spec?.refreshInterval ?? DEFAULT_REFRESH) ?? 0) / 1000
}

function refreshStep(external: KubeObject): ChainStep {
  const { refreshPolicy = 'Periodic' } = external.spec ?? {}
  const seconds = intervalSeconds(external)
  if (refreshPolicy !== 'Periodic') {
    return link('refresh', null, `Its refreshPolicy is ${refreshPolicy}: time alone brings nothing new.`)
  }
  if (seconds <= 0) {
    return link('refresh', 0, 'Its refreshInterval is 0: after the first sync it is never read again.')
  }
  return link(
    'refresh',
    seconds,
    `The store is read every ${span(seconds)}: a new value gets here within that.`,
  )
}

function nextSync(external: KubeObject, now: number): Next {
  const ready = condition(external, 'Ready')
  const force = `\`${forceSync(external)}\` syncs at once`
  if (ready?.status === 'False') {
    return { atSeconds: 420, text: `It tries again with growing pauses, 7 min at most; ${force}.` }
  }
  const seconds = intervalSeconds(external)
  const read = Date.parse(external.status?.refreshTime ?? '')
  if ((external.spec?.refreshPolicy ?? 'Periodic') !== 'Periodic' || seconds <= 0 || Number.isNaN(read)) {
    return { text: `Nothing by time alone; ${force}.` }
  }
  const left = secondsUntil(read + seconds * 1000, now)
  return { atSeconds: left, text: `In ${span(left)} the store is read again; ${force}.` }
}

function secretSteps(name: string, secret: SecretView | undefined, snapshot: Snapshot): ChainStep[] {
  if (!secret) return [link('secret', null, `Secret ${name} does not exist.`)]
  const { now } = snapshot
  const changed = secret.changedAt ? `, its data last changed ${ago(secret.changedAt, now)}` : ''
  const chain = [
    link('secret', secret.keys.length, `Secret ${name} has ${count(secret.keys.length, 'key')}${changed}.`),
  ]
  const { current, old } = usersOf(secret, snapshot.pods)
  if (current.length + old.length > 0) chain.push(readersStep(current.length, old.length))
  const readers = snapshot.triggerAuthentications.filter((auth) =>
    (auth.spec?.secretTargetRef ?? []).some((ref: { name: string }) => ref.name === name),
  )
  if (readers.length > 0) {
    const names = readers.map(({ metadata }) => metadata.name).join(', ')
    const text = `KEDA reads it through ${names}, and keeps what it read until the broker refuses it or the ScaledObject changes.`
    chain.push(link('keda', readers.length, text))
  }
  return chain
}

function readersStep(current: number, old: number): ChainStep {
  const all = current + old
  const read =
    all === 1 ? '1 pod reads it into its environment' : `${all} pods read it into their environment`
  const behind =
    all === 1
      ? 'and began before that change: it still has the old values'
      : `and ${old === all ? 'all' : old} of them began before that change: they still have the old values`
  const fresh = all === 1 ? 'and began after that change' : 'and all began after that change'
  return link('pods', old, `${read}, ${old > 0 ? behind : fresh}.`, { current, old })
}
