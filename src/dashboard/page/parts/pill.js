/** A state as a word with a mark: colour alone would not do. */
import { html } from '../view.js'

const MARKS = { ok: '●', progressing: '◐', failing: '▲', resting: '○' }

/** @param {{ state: keyof typeof MARKS, text: string }} props */
export function Pill({ state, text }) {
  return html`<span class="pill ${state}"><span aria-hidden="true">${MARKS[state]}</span> ${text}</span>`
}
