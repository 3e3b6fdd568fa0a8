import { expect, test } from 'vitest'
import { fitHelp } from './fit-help.ts'

const HELP = `Usage: devenv x [options]

Options:
  --flag <value>  fitted by commander

A paragraph that somebody broke for a
wide screen, and that is too long for this one.

Examples:
  npm run x                  short
  npm run x -- --flag value  an explanation that has no room beside it
`

test('a wide terminal gets the text as it is', () => {
  expect(fitHelp(HELP, 100)).toBe(HELP)
})

test('a narrow one gets paragraphs wrapped anew, and explanations below their commands', () => {
  expect(fitHelp(HELP, 42)).toBe(`Usage: devenv x [options]

Options:
  --flag <value>  fitted by commander

A paragraph that somebody broke for a wide
screen, and that is too long for this one.

Examples:
  npm run x
      short
  npm run x -- --flag value
      an explanation that has no room
      beside it
`)
})

test('what comes first is set apart by the empty line that it begins with', () => {
  expect(fitHelp('\nA paragraph for a narrow screen.\n', 20)).toBe('\nA paragraph for a\nnarrow screen.\n')
})

test('a command that is too long stays one line, to be copied', () => {
  const long = '  npm run x -- --a-very-long-flag with-a-very-long-value'
  expect(fitHelp(`Examples:\n${long}`, 30)).toBe(`Examples:\n${long}`)
})
