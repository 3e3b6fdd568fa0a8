import { expect, test } from 'vitest'
import { phaseOf } from './phase.ts'
import type { ComponentStatus, WorkloadState, WorkloadStatus } from './status.ts'

const component = (ready: boolean): ComponentStatus => ({
  name: 'Vault',
  version: '2.0.4',
  implementation: 'embedded',
  ready,
  message: ready ? 'answers' : 'does not answer',
})
const worker = (state: WorkloadState, desired: number, ready: number): WorkloadStatus => ({
  namespace: 'n',
  kind: 'Deployment',
  name: 'w',
  desired,
  ready,
  state,
  why: 'because',
})
const parts = { components: [component(true)], workloads: [worker('ok', 0, 0)], secrets: [] }

test('ready when all works, also while a worker scales', () => {
  expect(phaseOf({ phase: 'Ready' }, parts)).toEqual({ phase: 'Ready', message: '' })
  expect(phaseOf({ phase: 'Ready' }, { ...parts, workloads: [worker('progressing', 5, 2)] }).phase).toBe(
    'Ready',
  )
})

test('degraded says by what', () => {
  expect(phaseOf({ phase: 'Ready' }, { ...parts, components: [component(false)] })).toEqual({
    phase: 'Degraded',
    message: 'Vault: does not answer',
  })
  expect(phaseOf({ phase: 'Ready' }, { ...parts, workloads: [worker('failing', 1, 0)] }).message).toBe(
    'w: because',
  )
  const door = { name: 'core-api', endpoint: 'http://x', ok: false, message: 'answers 503 at /ready' }
  expect(phaseOf({ phase: 'Ready' }, { ...parts, frontDoors: [door] })).toEqual({
    phase: 'Degraded',
    message: 'core-api answers 503 at /ready',
  })
  const secret = { namespace: 'n', name: 's', ready: false, message: 'permission denied' }
  expect(phaseOf({ phase: 'Ready' }, { ...parts, secrets: [secret] }).message).toBe(
    'secret s: permission denied',
  )
})

test('a bring-up that failed is no longer starting', () => {
  const failure = 'Workloads: not done within 120 s'
  expect(phaseOf({ phase: 'Starting', failure }, parts)).toEqual({
    phase: 'Degraded',
    message: `the last up did not end well (npm run up resumes): ${failure}`,
  })
})

test('starting and stopped are what the record says', () => {
  expect(phaseOf({ phase: 'Starting' }, { ...parts, components: [component(false)] })).toMatchObject({
    phase: 'Starting',
  })
  expect(phaseOf({ phase: 'Stopped' }, parts).phase).toBe('Stopped')
})
