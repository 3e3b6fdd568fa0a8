/** Why a workload has the replicas it has. */
import { Component } from '/modules/preact.js'
import { ask } from '../connection.js'
import { snapshot } from '../state.js'
import { html } from '../view.js'
import { short } from '../words.js'
import { Modal } from './modal.js'

/** @typedef {import('../../../explain/why.ts').Why} Explained */

/** @extends {Component<{ name: string }, { why?: Explained, failure?: string, asking: boolean }>} */
export class Why extends Component {
  state = { asking: true }

  componentDidMount() {
    this.look()
  }

  async look() {
    this.setState({ asking: true })
    try {
      const why = await ask(`/api/why?${new URLSearchParams({ name: this.props.name })}`)
      this.setState({ why, failure: undefined, asking: false })
    } catch (thrown) {
      this.setState({ failure: thrown instanceof Error ? thrown.message : String(thrown), asking: false })
    }
  }

  render() {
    const { why, failure, asking } = /** @type {{ why?: Explained, failure?: string, asking: boolean }} */ (
      this.state
    )
    return html`
      <${Modal} title="Why ${short(this.props.name, snapshot.value)}">
        <div aria-live="polite" aria-busy=${asking}>
          ${failure && html`<p class="failure">${failure}</p>`}
          ${!why && !failure && html`<p class="empty">Looking…</p>`}
          ${why && html`<${Chain} why=${why} />`}
        </div>
        <button type="button" aria-disabled=${asking} onClick=${() => !asking && this.look()}>Look again</button>
      <//>
    `
  }
}

/** @param {{ why: Explained }} props */
function Chain({ why }) {
  const { chain, next, traps } = why
  const shown = (/** @type {Explained['traps']} */ some) =>
    some.map(
      ({ code, text, fix }) => html`<p class="failure"><b>${code}</b>: ${text} <b>Mend:</b> ${fix}</p>`,
    )
  return html`
    ${shown(traps.filter(({ cause }) => cause))}
    <dl class="chain">
      ${chain.map(({ step, text }) => html`<div><dt>${step}</dt><dd>${text}</dd></div>`)}
      <div class="next"><dt>next</dt><dd>${next.text}</dd></div>
    </dl>
    ${shown(traps.filter(({ cause }) => !cause))}
  `
}
