/** The story on one environment: 0→5→0 with nothing lost, a canary promoted and one aborted, as `demo` tells it. */
import { chooseSteps } from '../demo/choose.ts'
import { type DemoReport, measuresOf, type StepReport } from '../demo/report.ts'
import type { DemoStep } from '../demo/step.ts'
import type { KindResult } from './model.ts'

const STORY = 'burst,drained,zero,canary,bad-release'

/** The demo's steps that a comparison runs. */
export function storySteps(steps: readonly DemoStep[]): DemoStep[] {
  return chooseSteps(steps, STORY)
}

/** A report of those steps as outcomes and figures. */
export function fromDemo(report: DemoReport): Pick<KindResult, 'outcomes' | 'figures'> {
  return {
    outcomes: report.steps.map((step) => ({
      behaviour: { name: step.title, group: 'story' },
      outcome: {
        status: step.status,
        ...(step.endMs === undefined ? {} : { ms: step.endMs - (step.startMs ?? 0) }),
        ...(step.status === 'passed' ? {} : { detail: detailOf(step) }),
      },
    })),
    figures: measuresOf(report).map(({ title, value, unit }) => ({ title, value, unit })),
  }
}

function detailOf({ checks, reason }: StepReport): string {
  const failed = checks.filter(({ ok }) => !ok).map(({ text, actual }) => `${text}: ${actual}`)
  return [...(reason ? [reason] : []), ...failed].join('; ')
}
