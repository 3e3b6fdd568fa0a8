/** The patches are those that the kubectl plugin writes, and finding a Rollout by its short name. */
import { describe, expect, it, test } from 'vitest'
import { chooseRollout } from './find.ts'
import { replicaSetOfRevision } from './history.ts'
import { phaseOf } from './phase.ts'
import { pausedCanary, rolloutObject } from './testing-objects.ts'
import { abortPatches, promotePatches, restartPatches, retryPatches } from './verbs.ts'

const steps = (status: object, spec: object = {}) => rolloutObject({ status, spec })

describe('promote', () => {
  it('clears a pause', () => {
    expect(promotePatches(rolloutObject())).toEqual({ status: { pauseConditions: null } })
  })

  it('moves on a step when there is no pause, and never past the last one', () => {
    expect(promotePatches(steps({ pauseConditions: undefined, currentStepIndex: 0 }))).toEqual({
      status: { pauseConditions: null, currentStepIndex: 1 },
    })
    expect(promotePatches(steps({ pauseConditions: undefined, currentStepIndex: 3 }))).toEqual({
      status: { pauseConditions: null, currentStepIndex: 3 },
    })
  })

  it('passes an inconclusive analysis', () => {
    const canary = { currentStepAnalysisRunStatus: { name: 'run', status: 'Inconclusive' } }
    expect(promotePatches(steps({ canary }))).toEqual({
      status: { pauseConditions: null, controllerPause: false, currentStepIndex: 2 },
    })
  })

  it('undoes a manual pause', () => {
    expect(promotePatches(steps({}, { paused: true }))).toMatchObject({ spec: { paused: false } })
  })

  it('--full asks the controller for everything, unless there is no update', () => {
    expect(promotePatches(rolloutObject(), { full: true })).toEqual({ status: { promoteFull: true } })
    expect(promotePatches(steps({ stableRS: 'bbb' }), { full: true })).toEqual({})
  })

  it('--skip-current-step needs steps', () => {
    expect(promotePatches(rolloutObject(), { skipCurrentStep: true })).toEqual({
      status: { currentStepIndex: 2 },
    })
    const bare = steps({}, { strategy: { canary: {} } })
    expect(() => promotePatches(bare, { skipCurrentStep: true })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })

  it('has nothing to write for a blue-green Rollout that is not paused', () => {
    expect(promotePatches(steps({ pauseConditions: [] }, { strategy: { blueGreen: {} } }))).toEqual({})
  })
})

test('abort, retry and restart', () => {
  expect(abortPatches()).toEqual({ status: { abort: true } })
  expect(retryPatches()).toEqual({ status: { abort: false } })
  expect(restartPatches(Date.UTC(2026, 0, 1, 12, 0, 0, 700))).toEqual({
    spec: { restartAt: '2026-01-01T12:00:00Z' },
  })
})

describe('a name', () => {
  const place = { namespace: 'team1-ns', release: 'team1-project' }
  const named = (name: string) => ({ ...rolloutObject(), metadata: { name } })

  it.each([
    ['core-api', ['team1-project-core-api', 'x']],
    ['team1-project-core-api', ['team1-project-core-api']],
    [undefined, ['team1-project-core-api', 'x']],
  ])('%s is found', (name, names) => {
    expect(chooseRollout(names.map(named), place, name).metadata.name).toBe('team1-project-core-api')
  })

  it('may be left out when there is one Rollout only', () => {
    expect(chooseRollout([named('x')], place, undefined).metadata.name).toBe('x')
  })

  it('that is not there names those that are', () => {
    expect(() => chooseRollout([named('team1-project-core-api')], place, 'web')).toThrow(
      expect.objectContaining({ code: 'USAGE', fix: 'There are: core-api.' }),
    )
  })
})

describe('undo', () => {
  it('goes to the revision before, or to the one asked for', () => {
    expect(replicaSetOfRevision(pausedCanary(), undefined).metadata.name).toMatch(/aaa$/)
    expect(replicaSetOfRevision(pausedCanary(), 2).metadata.name).toMatch(/bbb$/)
    expect(() => replicaSetOfRevision(pausedCanary(), 7)).toThrow(
      expect.objectContaining({ code: 'USAGE', fix: 'Its revisions are 2, 1.' }),
    )
  })
})

test.each([
  [{ observedGeneration: '1' }, 'Progressing', 'waiting for rollout spec update to be observed'],
  [{ pauseConditions: [] }, 'Progressing', 'waiting for rollout to unpause'],
  [{}, 'Paused', 'CanaryPauseStep'],
])('phase with %j', (status, phase, message) => {
  expect(phaseOf(steps(status))).toEqual({ phase, message })
})
