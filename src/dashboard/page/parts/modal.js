/** A dialog of the browser's own: it keeps the focus inside, Escape closes it, and the focus goes back. */
import { Component } from '/modules/preact.js'
import { dialog } from '../state.js'
import { html } from '../view.js'

/** @extends {Component<{ title: string, children: any }>} */
export class Modal extends Component {
  /** @type {HTMLDialogElement | null} */
  place = null

  componentDidMount() {
    this.place?.showModal()
  }

  render() {
    const close = () => this.place?.close()
    const { title, children } = this.props
    return html`
      <dialog aria-labelledby="dialog-title" ref=${(/** @type {HTMLDialogElement | null} */ place) => {
        this.place = place
      }}
        onClose=${() => {
          dialog.value = undefined
        }}
        onClick=${(/** @type {MouseEvent} */ event) => event.target === this.place && close()}>
        <div class="inside">
          <div class="line">
            <h2 id="dialog-title">${title}</h2>
            <button type="button" onClick=${close}>Close</button>
          </div>
          ${children}
        </div>
      </dialog>
    `
  }
}
