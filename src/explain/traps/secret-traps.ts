/** Known traps on the way from Vault to a pod. */

import { parseGoDuration } from '../../lib/go-duration.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { condition } from '../../status/conditions.ts'
import { forceSync } from '../commands.ts'
import { usersOf } from '../secret-users.ts'
import { lastEvent, type SecretView, type Snapshot } from '../snapshot.ts'
import type { Trap } from '../why.ts'
import { clause, count, span } from '../words.ts'

/** Above this people take a rotated value for lost. */
const SLOW_SECONDS = 300
/** Writes so soon after its creation belong to its making. */
const MADE_WITHIN_MS = 60_000

export function secretTraps(
  external: KubeObject,
  secret: SecretView | undefined,
  snapshot: Snapshot,
): Trap[] {
  return [
    ...failure(external, snapshot),
    ...readyStore(external, snapshot),
    ...slowRefresh(external),
    ...(secret ? staleReaders(secret, snapshot) : []),
  ]
}

/** Causes by what the event says. The condition has one text for all of them. */
const CAUSES: { pattern: RegExp; code: string; text: string; fix: string }[] = [
  {
    pattern: /permission denied|Code: 403|invalid vault credentials/,
    code: 'vault-refuses',
    text: 'Vault refuses the token: it has expired, was revoked, or its policy does not allow the path.',
    fix: 'Put a valid token into the Secret that the SecretStore names; `vault token lookup` and `vault policy read` say which it is.',
  },
  {
    pattern: /Secret does not exist/,
    code: 'missing-path',
    text: 'There is nothing at that path in Vault (or its newest version is deleted).',
    fix: 'Write it: `npm run secret -- set PATH KEY=VALUE`. With KV v2 leave data/ out of remoteRef.key.',
  },
  {
    pattern: /cannot find secret data for key/,
    code: 'missing-property',
    text: 'The path is there, but not the property that is asked for.',
    fix: 'Compare remoteRef.property with the keys at the path; a deletionPolicy does not soften this error.',
  },
  {
    pattern: /could not get (Cluster)?SecretStore|not found/,
    code: 'missing-store',
    text: 'The SecretStore that it names is not there. The chart does not make it: the environment does.',
    fix: 'Make the store, or mend secretStoreRef (kind SecretStore is looked for in this namespace only).',
  },
  {
    pattern: /owned by another|take ownership/,
    code: 'two-owners',
    text: 'Another object owns the Secret of that name.',
    fix: 'Give one of them another target.name.',
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|context deadline exceeded/,
    code: 'vault-unreachable',
    text: 'Vault cannot be reached at the address in the store.',
    fix: 'Check spec.provider.vault.server of the store, and whether Vault runs and is unsealed.',
  },
]

function failure(external: KubeObject, snapshot: Snapshot): Trap[] {
  const ready = condition(external, 'Ready')
  if (ready?.status !== 'False') return []
  const event = lastEvent(snapshot, external, ['UpdateFailed'])
  const words = clause(event?.message ?? ready.message ?? '')
  const known = CAUSES.find(({ pattern }) => pattern.test(words))
  if (known) return [{ code: known.code, text: known.text, fix: known.fix }]
  return [
    {
      code: 'cause-in-event',
      text: `The condition says only "${clause(ready.message ?? ready.reason ?? '')}": External Secrets puts the cause into an event.`,
      fix: `\`kubectl -n ${external.metadata.namespace} events --for externalsecret/${external.metadata.name}\` shows it; events are kept for an hour.`,
    },
  ]
}

/** ExternalSecrets do not watch their store. */
function readyStore(external: KubeObject, snapshot: Snapshot): Trap[] {
  const { kind = 'SecretStore', name } = external.spec?.secretStoreRef ?? {}
  const store = snapshot.secretStores.find((one) => one.kind === kind && one.metadata.name === name)
  const failing = condition(external, 'Ready')?.status === 'False'
  const cause = lastEvent(snapshot, external, ['UpdateFailed'])?.message ?? ''
  if (!failing || !/is not ready/.test(cause) || condition(store, 'Ready')?.status !== 'True') return []
  return [
    {
      code: 'backoff-after-store',
      text: 'A store that becomes ready again does not wake its ExternalSecrets: each waits out its own pause, up to 7 min.',
      fix: `\`${forceSync(external)}\` tries at once.`,
    },
  ]
}

function slowRefresh(external: KubeObject): Trap[] {
  const { spec } = external
  if ((spec?.refreshPolicy ?? 'Periodic') !== 'Periodic') return []
  const seconds = (parseGoDuration(spec?.refreshInterval ?? '1h') ?? 0) / 1000
  if (seconds <= 0) {
    return [
      {
        code: 'refresh-frozen',
        text: 'refreshInterval 0 means once: after the first success not even a change of the spec is read.',
        fix: 'Give it an interval, or refreshPolicy OnChange.',
      },
    ]
  }
  if (seconds < SLOW_SECONDS) return []
  return [
    {
      code: 'slow-refresh',
      text: `A value that is rotated in Vault takes up to ${span(seconds)} to get here (refreshInterval).`,
      fix: `Shorten refreshInterval, or force a sync after each rotation: \`${forceSync(external)}\`.`,
    },
  ]
}

function staleReaders(secret: SecretView, snapshot: Snapshot): Trap[] {
  return [...oldEnvironment(secret, snapshot), ...kedaKeeps(secret, snapshot)]
}

function oldEnvironment(secret: SecretView, { pods }: Snapshot): Trap[] {
  const { old } = usersOf(secret, pods)
  if (old.length === 0) return []
  const names = old.slice(0, 3).map(({ metadata }) => metadata.name)
  return [
    {
      code: 'old-environment',
      // Its values are not read: whether it was they that changed is the reader's to know.
      text: `${count(old.length, 'pod')} began before it was last written (${names.join(', ')}): if a value changed then, ${old.length === 1 ? 'it still has' : 'they still have'} the old one, as environment variables never change after a start.`,
      fix: 'Restart them: `npm run rollout -- restart` for a Rollout, `kubectl rollout restart deployment` otherwise.',
    },
  ]
}

/** KEDA caches what it read, by the ScaledObject's generation; it watches no Secret. */
function kedaKeeps(secret: SecretView, { triggerAuthentications }: Snapshot): Trap[] {
  const reader = triggerAuthentications.find((auth) =>
    (auth.spec?.secretTargetRef ?? []).some(({ name }: { name: string }) => name === secret.name),
  )
  const rotated = Date.parse(secret.changedAt ?? '') - Date.parse(secret.createdAt ?? '') > MADE_WITHIN_MS
  if (!reader || !rotated) return []
  return [
    {
      code: 'keda-keeps-credential',
      text: `It was rotated since it was made, and KEDA (${reader.metadata.name}) may use the old value still: it reads a Secret again only after the broker refuses it.`,
      fix: 'Once the broker refuses the old value KEDA heals itself; any change of the ScaledObject’s spec makes it read at once.',
    },
  ]
}
