/** The steps with their verdicts and what was seen. Pure. */
import type { Check, StepReport } from '../../demo/report.ts'
import { formatDuration } from '../../lib/duration.ts'
import { escapeXml } from '../../lib/xml.ts'

export function stepList(steps: readonly StepReport[]): string {
  return `<ol class="steps">${steps.map(stepItem).join('\n')}</ol>`
}

/** What the numbers above the charts stand for, in one paragraph. */
export function stepKey(steps: readonly StepReport[]): string {
  const items = steps.map(
    ({ title, status }, place) =>
      `<li class="${status}"><a href="#step-${place + 1}"><b>${place + 1}</b> ${escapeXml(title)}</a></li>`,
  )
  return `<ol class="key">${items.join('')}</ol>`
}

function stepItem(step: StepReport, place: number): string {
  const { title, sentence, status, startMs, endMs, checks, reason, fix, undone = [] } = step
  const took = startMs === undefined || endMs === undefined ? '' : formatDuration(endMs - startMs)
  const notes = [
    ...(reason ? [reason] : []),
    ...(fix ? [`Mend: ${fix}`] : []),
    ...undone.map((one) => `Undone: ${one}`),
  ]
  return [
    `<li class="${status}" id="step-${place + 1}">`,
    `<div class="step-head"><span class="n">${place + 1}</span><h3>${escapeXml(title)}</h3><span class="badge ${status}">${status}</span><span class="took">${took}</span></div>`,
    `<p class="faint">${escapeXml(sentence)}</p>`,
    checks.length > 0 ? `<ul class="checks">${checks.map(checkItem).join('')}</ul>` : '',
    ...notes.map((note) => `<p class="reason">${escapeXml(note)}</p>`),
    '</li>',
  ].join('')
}

function checkItem({ text, ok, actual }: Check): string {
  const mark = ok
    ? '<span class="mark" aria-label="held">✓</span>'
    : '<span class="mark" aria-label="broken">✗</span>'
  return `<li class="${ok ? 'ok' : 'no'}">${mark}<span><span class="what">${together(text)}:</span> <span class="actual">${together(actual)}</span></span></li>`
}

/** Figures and their units stay on one line. */
function together(text: string): string {
  return escapeXml(text).replaceAll(/(\d|×) (%|ms|s|min|×|\d+)(?=\W|$)/g, '$1\u00a0$2')
}
