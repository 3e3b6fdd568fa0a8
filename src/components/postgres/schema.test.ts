import { expect, test } from 'vitest'
import { lineOf } from './schema.ts'

test('the place that Postgres tells is a line of the file', () => {
  const sql = 'select 1;\nselect bogus\nfrom nowhere;\n'
  expect(lineOf({ position: String(sql.indexOf('nowhere') + 1) }, sql)).toBe(':3')
  expect(lineOf({ position: '1' }, sql)).toBe(':1')
  expect(lineOf(new Error('connection lost'), sql)).toBe('')
})
