import { XMLValidator } from 'fast-xml-parser'
import { expect, it } from 'vitest'
import { junitXml } from './junit.ts'
import { demoReport } from './testing-report.ts'

it('is one test case per step, with counts that add up', () => {
  const xml = junitXml(demoReport())
  expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"')
  expect(xml.match(/<testcase /g)).toHaveLength(3)
  expect(xml).toContain('<failure message="error rate 0">')
  expect(xml).toContain('<skipped message="it builds on')
  expect(xml).toContain('timestamp="2026-01-01T00:00:00"')
})

it('is XML whatever the texts are', () => {
  const report = demoReport()
  report.steps[0]!.title = 'a < b & "c"\u0007'
  report.steps[1]!.reason = '<![CDATA[ ]]> & more\nlines'
  expect(XMLValidator.validate(junitXml(report))).toBe(true)
})
