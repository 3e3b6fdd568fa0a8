/** What happened, second by second. Pure. */

import { escapeXml } from '../../lib/xml.ts'
import type { TimelineEvent } from '../../load/timeline.ts'
import { shortName } from '../charts/choose.ts'
import { clock } from '../charts/format.ts'

export function eventsTable(events: readonly TimelineEvent[]): string {
  if (events.length === 0) return ''
  const rows = events.map(
    ({ atMs, subject, text }) =>
      `<tr><td>${clock(atMs)}</td><td>${escapeXml(shortName(subject))}</td><td>${escapeXml(text)}</td></tr>`,
  )
  return `<h2>What happened</h2>
<details><summary>${events.length} events</summary><div class="scroll"><table class="events">
<thead><tr><th scope="col">time</th><th scope="col">what</th><th scope="col">event</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div></details>`
}
