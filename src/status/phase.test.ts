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
  expect(phaseOf('Ready', parts)).toEqual({ phase: 'Ready', message: '' })
  expect(phaseOf('Ready', { ...parts, workloads: [worker('progressing', 5, 2)] }).phase).toBe('Ready')
})

test('degraded says by what', () => {
  expect(phaseOf('Ready', { ...parts, components: [component(false)] })).toEqual({
    phase: 'Degraded',
    message: 'Vault: does not answer',
  })
  expect(phaseOf('Ready', { ...parts, workloads: [worker('failing', 1, 0)] }).message).toBe('w: because')
  const secret = { namespace: 'n', name: 's', ready: false, message: 'permission denied' }
  expect(phaseOf('Ready', { ...parts, secrets: [secret] }).message).toBe('secret s: permission denied')
})

test('starting and stopped are what the record says', () => {
  expect(phaseOf('Starting', { ...parts, components: [component(false)] })).toMatchObject({
    phase: 'Starting',
  })
  expect(phaseOf('Stopped', parts).phase).toBe('Stopped')
})
