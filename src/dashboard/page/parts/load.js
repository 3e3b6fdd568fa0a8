/** Starts a load, shows how it goes and how it went. */
import { act } from '../connection.js'
import { load } from '../state.js'
import { html } from '../view.js'
import { time } from '../words.js'

/** @import { LoadReport } from '../../../load/report.ts' */

const QUEUES = [
  ['all', 'all three'],
  ['job-descr', 'job-descr'],
  ['question', 'question'],
  ['resume', 'resume'],
]

export function Load() {
  const { phase, asked, progress, verdict } = load.value
  const running = phase === 'running'
  return html`
    <section aria-labelledby="load">
      <h2 id="load">Load</h2>
      <form onSubmit=${start}>
        <label>Queue
          <select name="queue">${QUEUES.map(([value, title]) => html`<option value=${value}>${title}</option>`)}</select>
        </label>
        <label>Messages <input name="messages" type="number" min="1" max="100000" value="100" required /></label>
        <label>Task, ms <input name="taskMs" type="number" min="0" max="3600000" placeholder="as it is" /></label>
        <span class="actions">
          <button type="submit" class="main" aria-disabled=${running}>Start</button>
          <button type="button" aria-disabled=${!running} onClick=${stop}>Stop</button>
        </span>
      </form>
      ${running && html`<${Progress} messages=${asked?.messages ?? 0} progress=${progress} />`}
      ${verdict && phase === 'done' && html`<${Verdict} passed=${verdict.passed} text=${verdict.text} report=${verdict.report} />`}
    </section>
  `
}

/** @param {SubmitEvent} event */
function start(event) {
  event.preventDefault()
  if (load.value.phase === 'running') return
  const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
  const taskMs = form.get('taskMs')
  const asked = {
    queue: form.get('queue'),
    messages: Number(form.get('messages')),
    ...(taskMs ? { taskMs: Number(taskMs) } : {}),
  }
  act('POST', '/api/load', asked, `a load of ${asked.messages} messages begins`)
}

function stop() {
  if (load.value.phase === 'running') act('DELETE', '/api/load', undefined, 'the load ends')
}

/** @param {{ messages: number, progress: any }} props */
function Progress({ messages, progress }) {
  /** @type {any[]} */
  const queues = Object.values(progress?.queues ?? {})
  const sum = (/** @type {string} */ field) => queues.reduce((all, queue) => all + queue[field], 0)
  const replied = sum('replied')
  return html`
    <label class="weight">
      <span>Answered <b>${replied}</b> of ${messages} · ${sum('depth')} queued · ${sum('unacked')} being worked on</span>
      <progress max=${messages} value=${replied}></progress>
    </label>
    ${progress?.note && html`<p class="hint">${progress.note}</p>`}
  `
}

/** @param {{ passed: boolean, text: string, report: LoadReport | undefined }} props */
function Verdict({ passed, text, report }) {
  const queues = Object.entries(report?.queues ?? {})
  return html`
    <div class="verdict ${passed ? 'ok' : 'failing'}" role="status">
      <p><b>${passed ? '✓ Nothing lost.' : '✗ Not passed.'}</b> ${text}</p>
      ${
        queues.length > 0 &&
        html`<table>
          <thead><tr><th scope="col">Queue</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">Peak</th></tr></thead>
          <tbody>
            ${queues.map(
              ([name, queue]) => html`<tr key=${name}>
                <th scope="row">${name}</th><td>${time(queue.latencyMs?.p50)}</td><td>${time(queue.latencyMs?.p95)}</td>
                <td>${queue.replicas.peak}</td>
              </tr>`,
            )}
          </tbody>
        </table>`
      }
    </div>
  `
}
