/** The latest events of the cluster. */
import { signal } from '/modules/signals.js'
import { html } from '../view.js'
import { age, short } from '../words.js'

/** @import { Snapshot } from '../../snapshot.ts' */

const warningsOnly = signal(false)

/** @param {{ seen: Snapshot }} props */
export function Events({ seen }) {
  const shown = seen.events.filter(({ type }) => !warningsOnly.value || type !== 'Normal')
  return html`
    <section class="events" aria-labelledby="events">
      <div class="line">
        <h2 id="events">Events</h2>
        <label class="check">
          <input type="checkbox" checked=${warningsOnly.value}
            onChange=${(/** @type {any} */ event) => {
              warningsOnly.value = event.currentTarget.checked
            }} />
          warnings only
        </label>
      </div>
      ${shown.length === 0 && html`<p class="empty">There are none.</p>`}
      <ol class="log" tabindex="0" aria-labelledby="events">
        ${shown.map(({ at, type, object, reason, message, count }) => {
          const [kind, name = ''] = object.split('/')
          return html`
            <li key=${`${at} ${object} ${reason} ${message}`} class=${type === 'Normal' ? '' : 'warning'}>
              <span class="age">${age(at, seen.at)}</span>
              <b>${type !== 'Normal' && html`<span class="unseen">${type}: </span>`}${reason}</b>
              <span class="object">${kind}/${short(name, seen)}</span>
              <span class="text">${message}${count > 1 && html` <small>×${count}</small>`}</span>
            </li>
          `
        })}
      </ol>
    </section>
  `
}
