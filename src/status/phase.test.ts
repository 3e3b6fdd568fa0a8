import { expect, test } from 'vitest'
import { phaseOf } from './phase.ts'
import type { ApplicationStatus, ComponentStatus, WorkloadState, WorkloadStatus } from './status.ts'

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

const failure = 'Workloads: not done within 120 s'
const recorded = { phase: 'Starting' as const, failure }
const whole = {
  ...parts,
  applications: [{ sync: 'Synced', health: 'Healthy', failing: false } as ApplicationStatus],
  frontDoors: [{ name: 'core-api', endpoint: 'http://x', ok: true, message: '' }],
}

test('a bring-up that failed is no longer starting, and its failure stays while nobody can see it mended', () => {
  const degraded = {
    phase: 'Degraded',
    message: `the last up did not end well (npm run up resumes): ${failure}`,
  }
  expect(phaseOf(recorded, whole)).toEqual(degraded)
  expect(phaseOf({ ...recorded, failureMayPass: true }, parts)).toEqual(degraded)
})

test('what a bring-up waited for in vain and is there now is told as what was', () => {
  const passing = { ...recorded, failureMayPass: true }
  expect(phaseOf(passing, whole)).toEqual({
    phase: 'Ready',
    message: `though the last up did not see it: ${failure}`,
  })
  const now = phaseOf(passing, { ...whole, workloads: [worker('failing', 1, 0)] })
  expect(now.phase).toBe('Degraded')
  expect(now.message).toMatch(/^w: because; the last up gave up .*: Workloads: not done/)
})

test('a bring-up is under way only while one is at work', () => {
  const broken = { ...parts, components: [component(false)] }
  expect(phaseOf({ phase: 'Starting', underWay: true }, broken)).toEqual({
    phase: 'Starting',
    message: 'Vault: does not answer',
  })
  expect(phaseOf({ phase: 'Starting', underWay: false }, broken)).toEqual({
    phase: 'Degraded',
    message: 'the last up did not end well (npm run up resumes): it was ended before it was through',
  })
})

test('stopped is what the record says', () => {
  expect(phaseOf({ phase: 'Stopped' }, parts).phase).toBe('Stopped')
})
