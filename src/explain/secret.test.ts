import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Snapshot } from './snapshot.ts'
import { before, object, pod, RELEASE, told } from './testing.ts'

const NAME = `${RELEASE}-core-api-secrets`
const store = object('SecretStore', 'vault', {
  metadata: { name: 'vault-team1' },
  spec: { provider: { vault: { server: 'http://vault:8200' } } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
})
const synced = {
  conditions: [{ type: 'Ready', status: 'True', reason: 'SecretSynced', message: 'secret synced' }],
  refreshTime: before(20),
}
const failing = {
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'SecretSyncedError',
      message: 'could not get secret data from provider',
    },
  ],
  refreshTime: before(600),
}

function external(status: object, spec: object = {}): KubeObject {
  const secretStoreRef = { kind: 'SecretStore', name: 'vault-team1' }
  return object('ExternalSecret', 'core-api-secrets', {
    spec: { refreshInterval: '1m', secretStoreRef, ...spec },
    status,
  })
}

function reader(startedAt: string): KubeObject {
  return pod('core-api-1', true, {
    spec: { containers: [{ name: 'core-api', envFrom: [{ secretRef: { name: NAME } }] }] },
    status: { containerStatuses: [{ name: 'core-api', state: { running: { startedAt } } }] },
  })
}

function secret(external: KubeObject, parts: Partial<Snapshot> = {}): string[] {
  const view = { namespace: 'team1-ns', name: NAME, keys: ['A', 'B'], changedAt: before(300) }
  return told('secret/core-api-secrets', {
    externalSecrets: [external],
    secretStores: [store],
    secrets: [view],
    ...parts,
  })
}

function failed(message: string): KubeObject {
  const involvedObject = { kind: 'ExternalSecret', name: NAME, namespace: 'team1-ns' }
  return object('Event', 'e', { reason: 'UpdateFailed', message, lastTimestamp: before(9), involvedObject })
}

test('in order, with one pod that read it before it changed', () => {
  const ta = object('TriggerAuthentication', 'auth', { spec: { secretTargetRef: [{ name: NAME }] } })
  expect(
    secret(external(synced), { pods: [reader(before(900))], triggerAuthentications: [ta] }),
  ).toMatchInlineSnapshot(`
    [
      "store: SecretStore vault-team1 (Vault at http://vault:8200) is ready.",
      "sync: Synced (secret synced), last read 20 s ago.",
      "refresh: The store is read every 60 s: a new value gets here within that.",
      "secret: Secret team1-project-core-api-secrets has 2 keys, its data last changed 5 min ago.",
      "pods: 1 pod reads it into its environment, and began before that change: it still has the old values.",
      "keda: KEDA reads it through team1-project-auth, and keeps what it read until the broker refuses it or the ScaledObject changes.",
      "next: In 40 s the store is read again; \`kubectl -n team1-ns annotate externalsecret team1-project-core-api-secrets force-sync=$(date +%s) --overwrite\` syncs at once.",
      "trap old-environment: 1 pod began before it was last written (team1-project-core-api-1): if a value changed then, it still has the old one, as environment variables never change after a start.",
    ]
  `)
})

test('KEDA may keep a rotated credential, not one that never changed', () => {
  const ta = object('TriggerAuthentication', 'auth', { spec: { secretTargetRef: [{ name: NAME }] } })
  const codes = (createdAt: string) =>
    secret(external(synced), {
      triggerAuthentications: [ta],
      secrets: [{ namespace: 'team1-ns', name: NAME, keys: [], createdAt, changedAt: before(300) }],
    }).filter((line) => line.startsWith('trap keda-keeps-credential'))
  expect(codes(before(900))).toHaveLength(1)
  expect(codes(before(302))).toHaveLength(0)
})

test('a restarted reader has the new values', () => {
  const answer = secret(external(synced), { pods: [reader(before(100))] })
  expect(answer.filter((line) => line.startsWith('trap'))).toEqual([])
})

test('a failing sync: the cause is in the event', () => {
  const message = 'error processing spec.data[0] (key: team1/core-api), err: Secret does not exist'
  expect(secret(external(failing), { events: [failed(message)] })).toMatchInlineSnapshot(`
    [
      "store: SecretStore vault-team1 (Vault at http://vault:8200) is ready.",
      "sync: The sync fails: error processing spec.data[0] (key: team1/core-api), err: Secret does not exist; last read 10 min ago.",
      "refresh: The store is read every 60 s: a new value gets here within that.",
      "secret: Secret team1-project-core-api-secrets has 2 keys, its data last changed 5 min ago.",
      "next: It tries again with growing pauses, 7 min at most; \`kubectl -n team1-ns annotate externalsecret team1-project-core-api-secrets force-sync=$(date +%s) --overwrite\` syncs at once.",
      "trap missing-path: There is nothing at that path in Vault (or its newest version is deleted).",
    ]
  `)
})

test.each<[string, string]>([
  [
    'vault-refuses',
    'cannot read secret data from Vault: Error making API request. Code: 403. Errors: * permission denied',
  ],
  ['missing-property', 'cannot find secret data for key: "OPENAI_API_KEY"'],
  ['missing-store', 'could not get SecretStore "s", SecretStore.external-secrets.io "s" not found'],
  ['vault-unreachable', 'Get "http://vault:8200": dial tcp: connect: connection refused'],
  ['two-owners', 'target is owned by another ExternalSecret'],
  ['backoff-after-store', 'SecretStore "vault-team1" is not ready'],
  ['cause-in-event', 'something new'],
])('recognises %s', (code, message) => {
  const traps = secret(external(failing), { events: [failed(message)] }).filter((line) =>
    line.startsWith('trap'),
  )
  expect(traps.join()).toContain(`trap ${code}: `)
})

test.each([
  ['0s', 'refresh-frozen'],
  ['1h', 'slow-refresh'],
])('refreshInterval %s is %s', (refreshInterval, code) => {
  expect(secret(external(synced, { refreshInterval })).at(-1)).toMatch(new RegExp(`^trap ${code}: `))
})

test('a Secret that nobody syncs', () => {
  const view = { namespace: 'team1-ns', name: 'tls-secret', keys: ['tls.crt'] }
  expect(told('tls-secret', { secrets: [view] })).toMatchInlineSnapshot(`
    [
      "source: No ExternalSecret makes it: whoever wrote it has to write it anew.",
      "secret: Secret tls-secret has 1 key.",
      "next: Nothing until somebody writes it.",
    ]
  `)
})
