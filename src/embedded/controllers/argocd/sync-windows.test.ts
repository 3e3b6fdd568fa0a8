import { describe, expect, it } from 'vitest'
import { windowRefusal } from './sync-windows.ts'
import type { Application, SyncWindow } from './types.ts'

const app = {
  metadata: { name: 'web', namespace: 'argocd' },
  spec: { project: 'default', destination: { name: 'in-cluster', namespace: 'shop' } },
} as Application
/** A Thursday. */
const NOON = Date.parse('2026-01-01T12:00:30Z')
const hour = { duration: '1h', applications: ['*'] }
const deny: SyncWindow = { kind: 'deny', schedule: '0 12 * * *', ...hour }
const allow: SyncWindow = { kind: 'allow', schedule: '0 12 * * *', ...hour }
const later: SyncWindow = { kind: 'allow', schedule: '0 13 * * *', ...hour }

const ask = (windows: SyncWindow[], more: { manual?: boolean; startedAtMs?: number; nowMs?: number } = {}) =>
  windowRefusal({ app, windows, manual: false, nowMs: NOON, ...more })

describe('windowRefusal', () => {
  it.each([
    ['no window', [], undefined],
    ['an active deny', [deny], ''],
    ['a deny for others', [{ ...deny, applications: ['other-*'] }], undefined],
    ['an active allow', [allow], undefined],
    ['an allow that is not active', [later], ''],
    ['an allow beside one that is not', [later, allow], undefined],
    ['a deny beside an allow', [allow, deny], ''],
    ['a deny by namespace', [{ ...deny, applications: [], namespaces: ['sh?p'] }], ''],
    ['a deny by cluster name', [{ ...deny, applications: [], clusters: ['in-*'] }], ''],
    ['one list of two with andOperator', [{ ...deny, namespaces: ['x'], andOperator: true }], undefined],
    ['both lists with andOperator', [{ ...deny, namespaces: ['shop'], andOperator: true }], ''],
  ] as [string, SyncWindow[], string | undefined][])('%s', (_, windows, expected) => {
    expect(ask(windows)).toBe(expected)
  })

  it('counts in the time zone of the window', () => {
    expect(ask([{ ...deny, timeZone: 'America/New_York' }])).toBeUndefined()
    expect(ask([{ ...deny, schedule: '0 7 * * *', timeZone: 'America/New_York' }])).toBe('')
  })

  it('lets people through where every window says so', () => {
    expect(ask([{ ...deny, manualSync: true }], { manual: true })).toBeUndefined()
    expect(ask([{ ...deny, manualSync: true }, deny], { manual: true })).toBe('')
    expect(ask([{ ...later, manualSync: true }], { manual: true })).toBeUndefined()
  })

  it('lets what began when it was permitted end, with syncOverrun', () => {
    const startedAtMs = Date.parse('2026-01-01T11:59:00Z')
    expect(ask([deny], { startedAtMs })).toBe('')
    expect(ask([{ ...deny, syncOverrun: true }], { startedAtMs })).toBeUndefined()
    expect(ask([{ ...deny, syncOverrun: true }], { startedAtMs: NOON })).toBe('')
  })

  it('refuses with the reason where a window cannot be read', () => {
    expect(ask([{ ...deny, duration: 'soon' }])).toBe("invalid sync windows: cannot parse duration 'soon'")
    expect(ask([{ ...deny, schedule: 'noon' }])).toContain(
      "invalid sync windows: cannot parse schedule 'noon'",
    )
  })
})
