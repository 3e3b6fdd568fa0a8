import { expect, it } from 'vitest'
import { chooseSteps } from './choose.ts'
import { STEPS } from './steps/index.ts'

const ids = (only?: string) => chooseSteps(STEPS, only).map(({ id }) => id)

it('all, in the order of the story', () => {
  expect(ids()).toEqual([
    'rest',
    'burst',
    'drained',
    'zero',
    'killed',
    'canary',
    'bad-release',
    'rotation',
    'drift',
  ])
})

it('by number or name, with what they build on', () => {
  expect(ids('4')).toEqual(['burst', 'drained', 'zero'])
  expect(ids('drift, canary')).toEqual(['canary', 'drift'])
})

it('names what there is for a step that is not', () => {
  expect(() => ids('10')).toThrow(
    expect.objectContaining({ code: 'USAGE', fix: expect.stringContaining('9 drift') }),
  )
})
