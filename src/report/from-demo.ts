/** A demo as a report. Pure. */
import { type DemoReport, measuresOf } from '../demo/report.ts'
import type { Timeline } from '../load/timeline.ts'
import type { Report } from './model.ts'

export function fromDemo(report: DemoReport, timeline: Timeline): Report {
  const { name, startedAt, durationMs, verdict, cluster, profile, steps, revision, tolerance } = report
  const of = (status: string) => steps.filter((step) => step.status === status).length
  return {
    title: 'The team1 stack, demonstrated',
    name,
    startedAt,
    durationMs,
    verdict,
    subtitle: `${of('passed')} of ${steps.length} steps passed on ${cluster.kind} Kubernetes ${cluster.kubernetes}, profile ${profile}`,
    steps,
    measures: measuresOf(report),
    facts: [
      {
        title: 'Versions',
        rows: report.components.map((one) => [
          one.name,
          `${one.version || 'unknown'}${one.implementation === 'embedded' ? ', embedded' : ''}`,
        ]),
      },
      { title: 'Machine', rows: machineRows(report) },
      {
        title: 'Run',
        rows: [
          ['environment', name],
          ['cluster', `${cluster.kind}: ${cluster.reason}`],
          ['profile', profile],
          ['commit of the stack', revision.slice(0, 7) || 'unknown'],
          ['bounds of time', tolerance === 1 ? 'as they are' : `× ${tolerance}`],
        ],
      },
    ],
    timeline,
  }
}

function machineRows({ machine }: DemoReport): [string, string][] {
  return [
    ['system', machine.os],
    ['processor', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', `${machine.memoryGiB} GiB`],
    ['Node.js', machine.node],
    ['load average at the start', String(machine.loadAverage)],
  ]
}
