/** Workloads with their replicas, as they move, and why. */
import { dialog } from '../state.js'
import { html } from '../view.js'
import { short } from '../words.js'
import { Pill } from './pill.js'

/** @import { Snapshot } from '../../snapshot.ts' */
/** @import { WorkloadStatus } from '../../../status/status.ts' */

/** More than this would be a wall of dots: the figures say it. */
const MOST_DOTS = 12

/** @param {{ seen: Snapshot }} props */
export function Workloads({ seen }) {
  const { workloads } = seen.status
  return html`
    <section aria-labelledby="workloads">
      <h2 id="workloads" tabindex="-1">Workloads</h2>
      ${workloads.length === 0 && html`<p class="empty">There are none.</p>`}
      <ul class="rows">
        ${workloads.map((one) => html`<${Workload} key=${`${one.kind}/${one.name}`} one=${one} seen=${seen} />`)}
      </ul>
    </section>
  `
}

/** @param {{ one: WorkloadStatus, seen: Snapshot }} props */
function Workload({ one, seen }) {
  const { name, kind, ready, desired, state, why } = one
  const resting = state === 'ok' && desired === 0
  const called = short(name, seen)
  const pods = seen.pods.filter(({ workload }) => workload === name)
  return html`
    <li data-workload=${name}>
      <div class="line">
        <h3>${called} <small>${kind}</small></h3>
        <span class="replicas">
          <span class="dots" aria-hidden="true">${dots(ready, desired)}</span>
          <b>${ready}/${desired}</b><span class="unseen"> ready</span>
        </span>
        <${Pill} state=${resting ? 'resting' : state} text=${resting ? 'at rest' : state === 'ok' ? 'ready' : state} />
      </div>
      <div class="line">
        <p class="why">${why}</p>
        <span class="actions">
          <button type="button" onClick=${() => show('why', name)} aria-label="Why ${called}">Why</button>
          <button type="button" onClick=${() => show('log', name)} aria-label="Logs of ${called}"
            aria-disabled=${pods.length === 0}>Logs</button>
        </span>
      </div>
    </li>
  `
}

/** @param {'why' | 'log'} kind @param {string} name */
function show(kind, name) {
  dialog.value = { kind, name }
}

/** @param {number} ready @param {number} desired */
function dots(ready, desired) {
  const count = Math.min(MOST_DOTS, Math.max(ready, desired))
  return Array.from({ length: count }, (_, place) => {
    const state = place < Math.min(ready, desired) ? 'on' : place < desired ? 'off' : 'leaving'
    return html`<i class=${state}></i>`
  })
}
