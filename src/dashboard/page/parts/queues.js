/** Queues now, and their depth and the workers' replicas over the last minutes. */
import { samples } from '../state.js'
import { html } from '../view.js'
import { short } from '../words.js'
import { Chart } from './chart.js'

/** @import { Sample, Snapshot } from '../../snapshot.ts' */

/** Where clients and our own load wait for answers: they come and go, and say nothing about the work. */
const ANSWERS = /^(amq|devenv\.load)\./

/** Which colour a line got, so that it keeps it when others come and go. @type {Map<string, number>} */
const slots = new Map()

/** @param {{ seen: Snapshot }} props */
export function Queues({ seen }) {
  const queues = seen.status.queues.filter(({ name }) => !ANSWERS.test(name))
  const names = queues.map(({ name }) => name)
  const scaled = scaledWorkloads(seen, samples.value)
  return html`
    <section aria-labelledby="queues">
      <h2 id="queues">Queues</h2>
      ${queues.length === 0 && html`<p class="empty">The broker cannot be asked yet.</p>`}
      ${
        queues.length > 0 &&
        html`
          <table>
            <thead>
              <tr><th scope="col">Queue</th><th scope="col">Ready</th><th scope="col">Unacked</th><th scope="col">Consumers</th></tr>
            </thead>
            <tbody>
              ${queues.map(
                ({ name, ready, unacked, consumers }) => html`
                  <tr key=${name} data-queue=${name}>
                    <th scope="row"><i class="key c${slot('queue', name)}" aria-hidden="true"></i>${breakable(name)}</th>
                    <td>${ready}</td><td>${unacked}</td><td>${consumers}</td>
                  </tr>
                `,
              )}
            </tbody>
          </table>
          <${Chart} title="Messages in the queues" of=${names} slots=${names.map((name) => slot('queue', name))} labels=${names}
            samples=${samples.value} measure="queues" />
          <${Chart} title="Ready replicas" of=${scaled} slots=${scaled.map((name) => slot('workload', name))}
            labels=${scaled.map((name) => short(name, seen))} samples=${samples.value} measure="replicas" legend stepped />
        `
      }
    </section>
  `
}

/** Those that moved in this time, or rest at zero: a fixed number of replicas makes no picture. @param {Snapshot} seen @param {readonly Sample[]} all */
function scaledWorkloads(seen, all) {
  return seen.status.workloads
    .filter(
      ({ name, desired }) => desired === 0 || new Set(all.map(({ replicas }) => replicas[name])).size > 1,
    )
    .map(({ name }) => name)
}

/**
 * Queues and workloads each count from the first colour: a queue and its worker come in the same order.
 * @param {'queue' | 'workload'} kind
 * @param {string} name
 */
function slot(kind, name) {
  const key = `${kind} ${name}`
  const taken = [...slots.keys()].filter((other) => other.startsWith(kind)).length
  if (!slots.has(key)) slots.set(key, taken % 6)
  return slots.get(key) ?? 0
}

/** A name that may go on in the next line after an underscore. @param {string} name */
function breakable(name) {
  return name.split('_').map((part, place) => html`${place > 0 && html`_<wbr />`}${part}`)
}
