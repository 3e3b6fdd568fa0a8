import { stripVTControlCharacters, styleText } from 'node:util'
import { expect, test } from 'vitest'
import { absentStatus, type Status } from '../status/status.ts'
import type { Paint } from './io.ts'
import { renderStatus } from './render-status.ts'

const NOW = Date.UTC(2026, 0, 1, 0, 1, 0)
const plain: Paint = (_style, text) => text
const colours: Paint = (style, text) => styleText(style, text, { validateStream: false })

const namespace = 'team1-ns'
const status: Status = {
  ...absentStatus('team1-3fa9c1'),
  cluster: { kind: 'embedded', reason: 'no Docker engine answers', kubernetes: 'v1.35.0', kubeconfig: '/k' },
  phase: 'Degraded',
  message: 'Vault: does not answer',
  profile: 'fast',
  components: [
    {
      name: 'Argo Rollouts',
      version: 'v1.9.1',
      implementation: 'embedded',
      ready: true,
      message: 'API served',
    },
    { name: 'Vault', version: '2.0.4', implementation: 'embedded', ready: false, message: 'does not answer' },
  ],
  workloads: [
    {
      namespace,
      kind: 'Rollout',
      name: 'team1-project-core-api',
      desired: 1,
      ready: 1,
      why: 'stable',
      state: 'ok',
    },
    {
      namespace,
      kind: 'Deployment',
      name: 'w',
      desired: 10,
      ready: 2,
      why: 'pods are being made',
      state: 'progressing',
    },
  ],
  queues: [{ name: 'q', ready: 12, unacked: 3, consumers: 5 }],
  canaries: [
    {
      namespace,
      name: 'core-api',
      phase: 'Paused',
      step: 1,
      steps: 5,
      weight: 20,
      message: 'CanaryPauseStep',
    },
  ],
  secrets: [
    { namespace, name: 'a', ready: true, message: 'secret synced', refreshedAt: '2026-01-01T00:00:48Z' },
    { namespace, name: 'b', ready: false, message: 'permission denied' },
  ],
  endpoints: { coreApi: 'http://127.1.0.2:8000', vault: 'http://127.1.0.1:8200' },
}

test('one screen, aligned', () => {
  expect(renderStatus(status, plain, NOW)).toEqual([
    'team1-3fa9c1  Degraded  Vault: does not answer',
    'embedded Kubernetes v1.35.0, profile fast: no Docker engine answers',
    'kubeconfig /k',
    'Components',
    '  ●  Argo Rollouts  v1.9.1  embedded',
    '  ✗  Vault          2.0.4   embedded  does not answer',
    'Workloads',
    '  1/1   team1-project-core-api  Rollout     stable',
    '  2/10  w                       Deployment  pods are being made',
    'Queues',
    '  q  12 ready  3 unacked  5 consumers',
    'Canary',
    '  core-api  Paused  step 1/5  weight 20%  CanaryPauseStep',
    'Secrets',
    '  1 of 2 synced from Vault, oldest read 12.0 s ago',
    '  b: permission denied',
    'Open',
    '  core-api  http://127.1.0.2:8000',
  ])
})

test('colours change nothing but colours', () => {
  const painted = renderStatus(status, colours, NOW).map(stripVTControlCharacters)
  expect(painted.map((line) => line.trimEnd())).toEqual(renderStatus(status, plain, NOW))
})

test('an absent environment is one line', () => {
  expect(renderStatus(absentStatus('x'), plain, NOW)).toEqual([
    'x  Absent  there is no such environment; npm run up makes it',
  ])
})

test('the clock of a machine that slept is told, and ages are by it', () => {
  const refreshedAt = new Date(NOW - 3 * 3_600_000 - 20_000).toISOString()
  const secrets = [{ namespace, name: 's', ready: true, message: '', refreshedAt }]
  const slept = { ...status, secrets, clock: { aheadMs: -3 * 3_600_000 } }
  const text = renderStatus(slept, plain, NOW).join('\n')
  expect(text).toContain("its clock is 3 h 00 min behind this machine's")
  expect(text).toContain('oldest read 20.0 s ago')
  expect(renderStatus(status, plain, NOW).join('\n')).not.toContain('clock')
})
