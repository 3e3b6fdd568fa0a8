/** The log of one of a workload's pods, as it is written. */
import { Component } from '/modules/preact.js'
import { events } from '../connection.js'
import { snapshot } from '../state.js'
import { html } from '../view.js'
import { short } from '../words.js'
import { Modal } from './modal.js'

const MOST_LINES = 2_000
/** So close to its end, a log that is being read goes on at its end. */
const NEAR_PX = 40

/** @typedef {{ pod: string, container?: string, lines: string[], end?: string }} Reading */

/** @extends {Component<{ name: string }, Reading>} */
export class Log extends Component {
  /** @type {Reading} */
  state = { pod: '', lines: [] }
  stop = new AbortController()
  /** @type {string[]} */
  waiting = []
  /** @type {HTMLElement | null} */
  place = null
  atEnd = true

  componentDidMount() {
    const first = this.pods()[0]
    if (first) this.read(first.name, first.containers[0])
  }

  componentWillUnmount() {
    this.stop.abort()
  }

  componentDidUpdate() {
    if (this.place && this.atEnd) this.place.scrollTop = this.place.scrollHeight
  }

  pods() {
    return snapshot.value?.pods.filter(({ workload }) => workload === this.props.name) ?? []
  }

  /** @param {string} pod @param {string | undefined} container */
  async read(pod, container) {
    this.stop.abort()
    this.stop = new AbortController()
    const { signal } = this.stop
    this.waiting = []
    this.setState({ pod, container, lines: [], end: undefined })
    const query = new URLSearchParams({ pod, ...(container ? { container } : {}) })
    const take = (/** @type {string} */ event, /** @type {any} */ data) => {
      if (signal.aborted) return
      if (event === 'end') this.setState({ end: data })
      else this.add(data)
    }
    await events(`/api/log?${query}`, take, signal).catch((thrown) => {
      if (!signal.aborted) this.setState({ end: `no log: ${thrown.message}` })
    })
  }

  /** Once a frame, however fast the lines come. @param {string} line */
  add(line) {
    if (this.waiting.push(line) > 1) return
    requestAnimationFrame(() => {
      const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = this.place ?? {}
      this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX
      const lines = [...this.state.lines, ...this.waiting].slice(-MOST_LINES)
      this.waiting = []
      this.setState({ lines })
    })
  }

  render() {
    const { pod, container, lines, end } = this.state
    const pods = this.pods()
    const containers = pods.find(({ name }) => name === pod)?.containers ?? []
    const gone = pod !== '' && !pods.some(({ name }) => name === pod)
    const choose = (/** @type {any} */ event) => {
      const chosen = pods.find(({ name }) => name === event.currentTarget.value)
      if (chosen) this.read(chosen.name, chosen.containers[0])
    }
    return html`
      <${Modal} title="Logs of ${short(this.props.name, snapshot.value)}">
        <div class="choices">
          <label>Pod
            <select onChange=${choose} value=${pod}>
              ${gone && html`<option value=${pod}>${pod} (gone)</option>`}
              ${pods.map(({ name, phase, ready }) => html`<option key=${name} value=${name}>${name} (${ready ? 'ready' : phase})</option>`)}
            </select>
          </label>
          ${
            containers.length > 1 &&
            html`<label>Container
              <select value=${container} onChange=${(/** @type {any} */ event) => this.read(pod, event.currentTarget.value)}>
                ${containers.map((name) => html`<option key=${name}>${name}</option>`)}
              </select>
            </label>`
          }
        </div>
        <pre class="lines" tabindex="0" aria-label="Log" ref=${(/** @type {HTMLElement | null} */ place) => {
          this.place = place
        }}>${lines.join('\n')}</pre>
        <p class="hint">${pod === '' ? 'There is no pod now.' : (end ?? `${lines.length} lines, more as they come`)}</p>
      <//>
    `
  }
}
