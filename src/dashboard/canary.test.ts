import { describe, expect, it } from 'vitest'
import { rolloutObject } from '../rollout/testing-objects.ts'
import { canaryView, stepText, verbsOf } from './canary.ts'

const NOTHING = { replicaSets: [], pods: [], analysisRuns: [], experiments: [] }

describe('canaryView', () => {
  it('shows the steps that are done, the one that it is at, and those ahead', () => {
    expect(canaryView(rolloutObject(), NOTHING)).toMatchObject({
      name: 'team1-project-core-api',
      phase: 'Paused',
      steps: [
        { text: '25 %', state: 'done' },
        { text: 'pause until promoted', state: 'current' },
        { text: '50 %', state: 'ahead' },
      ],
      weight: { asked: 25 },
    })
  })

  it('has every step behind it once the new version is the stable one', () => {
    const settled = rolloutObject({ status: { stableRS: 'bbb', currentPodHash: 'bbb', currentStepIndex: 3 } })
    const view = canaryView(settled, NOTHING)
    expect(view.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect(view.weight).toEqual({ asked: 100, actual: 100 })
  })
})

describe('verbsOf', () => {
  const canary = { stableRS: 'aaa', currentPodHash: 'bbb' }
  it.each([
    ['a canary under way', canary, ['promote', 'promote-full', 'abort']],
    ['an aborted one', { ...canary, abort: true }, ['retry']],
    ['a settled Rollout', { stableRS: 'aaa', currentPodHash: 'aaa' }, []],
    ['a first version, with nothing to go back to', { stableRS: '', currentPodHash: 'aaa' }, []],
  ])('%s', (_what, status, verbs) => {
    expect(verbsOf(rolloutObject({ status }))).toEqual(verbs)
  })
})

it.each([
  [{ setWeight: 20 }, '20 %'],
  [{ pause: {} }, 'pause until promoted'],
  [{ pause: { duration: '2m' } }, 'pause 2m'],
  [{ pause: { duration: 30 } }, 'pause 30s'],
  [{ analysis: { templates: [] } }, 'analysis'],
])('%j reads %s', (step, text) => expect(stepText(step)).toBe(text))
