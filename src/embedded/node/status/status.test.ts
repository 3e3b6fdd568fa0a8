/** Phases, what starts next, backoff: the rules as tables. */
import { describe, expect, it } from 'vitest'
import { Backoff, formatDelay } from '../pod/backoff.ts'
import { containersToStart } from '../pod/next.ts'
import { type ContainerView, type PodView, phaseOf } from './phase.ts'

const view = (state: ContainerView['state'], more: Partial<ContainerView> = {}): ContainerView => ({
  name: 'c',
  state,
  ranBefore: state !== 'waiting',
  ready: false,
  started: false,
  ...more,
})
const waiting = view('waiting')
const running = view('running', { started: true })
const done = view('terminated', { exitCode: 0 })
const failed = view('terminated', { exitCode: 1 })
const crashing = view('waiting', { ranBefore: true, exitCode: 1 })
const pod = (
  restartPolicy: PodView['restartPolicy'],
  main: ContainerView[],
  init: PodView['init'] = [],
): PodView => ({
  restartPolicy,
  init,
  main,
})
const init = (one: ContainerView, sidecar = false) => ({ ...one, name: 'i', sidecar })

describe('phase', () => {
  it.each([
    ['nothing started', pod('Always', [waiting]), 'Pending'],
    ['one of two started', pod('Always', [running, waiting]), 'Pending'],
    ['running', pod('Always', [running, running]), 'Running'],
    ['crash loop', pod('Always', [crashing]), 'Running'],
    ['ended, restarted always', pod('Always', [done]), 'Running'],
    ['all done', pod('OnFailure', [done, done]), 'Succeeded'],
    ['one failed, retried', pod('OnFailure', [done, failed]), 'Running'],
    ['one failed for good', pod('Never', [done, failed]), 'Failed'],
    ['init not done', pod('Always', [waiting], [init(running)]), 'Pending'],
    ['init failed for good', pod('Never', [waiting], [init(failed)]), 'Failed'],
    ['sidecar runs on', pod('Never', [done], [init(running, true)]), 'Succeeded'],
  ])('%s', (_case, given, phase) => {
    expect(phaseOf(given)).toBe(phase)
  })
})

describe('what starts', () => {
  it.each([
    ['main containers', pod('Always', [waiting]), ['c']],
    ['the init container first', pod('Always', [waiting], [init(waiting)]), ['i']],
    ['nothing while an init container runs', pod('Always', [waiting], [init(running)]), []],
    ['a failed init container again', pod('OnFailure', [waiting], [init(failed)]), ['i']],
    ['nothing after a failed init container', pod('Never', [waiting], [init(failed)]), []],
    ['main ones once the sidecar has started', pod('Always', [waiting], [init(running, true)]), ['c']],
    ['a dead sidecar before all else', pod('Never', [running], [init(failed, true)]), ['i']],
    ['nothing that is done', pod('OnFailure', [done]), []],
    ['what ended, always', pod('Always', [done]), ['c']],
  ])('%s', (_case, given, names) => {
    expect(containersToStart(given)).toEqual(names)
  })
})

it('backs off 0, 10, 20, 40… 300 s, and forgets after ten minutes of running', () => {
  const backoff = new Backoff()
  const waits = [0, 0, 0, 0, 0, 0, 0, 0].map((ran) => backoff.failed(ran) / 1000)
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
  expect(backoff.failed(600_000)).toBe(0)
  expect([formatDelay(10_000), formatDelay(80_000), formatDelay(300_000)]).toEqual(['10s', '1m20s', '5m0s'])
})
