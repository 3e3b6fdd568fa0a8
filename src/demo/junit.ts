/** A demo's verdict as JUnit XML, which every CI system shows. Pure. */
import { escapeXml } from '../lib/xml.ts'
import type { DemoReport, StepReport } from './report.ts'

/** One test case per step; its checks are the failure's text, or the case's output. */
export function junitXml(report: DemoReport): string {
  const { steps, durationMs, startedAt, name, cluster, profile } = report
  const count = (status: StepReport['status']) => steps.filter((step) => step.status === status).length
  const counts = `tests="${steps.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`
  const time = `time="${seconds(durationMs)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="devenv demo" ${counts} ${time}>`,
    `  <testsuite name="devenv demo" ${counts} ${time} timestamp="${startedAt.replace(/\.\d+Z$/, '')}">`,
    '    <properties>',
    ...[
      ['environment', name],
      ['cluster', cluster.kind],
      ['kubernetes', cluster.kubernetes],
      ['profile', profile],
    ].map(([key, value]) => `      <property name="${key}" value="${attribute(value!)}"/>`),
    '    </properties>',
    ...steps.flatMap(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(step: StepReport): string[] {
  const { id, title, status, startMs = 0, endMs = 0, reason = '' } = step
  const open = `    <testcase classname="devenv.demo" name="${attribute(`${id}: ${title}`)}" time="${seconds(endMs - startMs)}">`
  const lines = step.checks.map(({ ok, text, actual }) => `${ok ? 'ok' : 'FAILED'}  ${text}: ${actual}`)
  const detail = [
    ...(reason ? [reason] : []),
    ...lines,
    ...(step.undone ?? []).map((what) => `undone: ${what}`),
  ]
  if (status === 'skipped')
    return [open, `      <skipped message="${attribute(reason)}"/>`, '    </testcase>']
  const text = escapeXml(detail.join('\n'))
  if (status === 'passed') return [open, `      <system-out>${text}</system-out>`, '    </testcase>']
  const first =
    reason ||
    step.checks
      .filter(({ ok }) => !ok)
      .map(({ text: what }) => what)
      .join('; ')
  return [open, `      <failure message="${attribute(first)}">${text}</failure>`, '    </testcase>']
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** A reader makes blanks of line ends in attributes. */
function attribute(text: string): string {
  return escapeXml(text).replaceAll('\n', '&#10;')
}
