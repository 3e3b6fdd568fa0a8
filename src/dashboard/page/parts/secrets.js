/** Secrets: whether they are synced and how fresh they are. Values never come to this page. */
import { html } from '../view.js'
import { age, short } from '../words.js'
import { Pill } from './pill.js'

/** @import { Snapshot } from '../../snapshot.ts' */

/** @param {{ seen: Snapshot }} props */
export function Secrets({ seen }) {
  const { secrets } = seen.status
  return html`
    <section aria-labelledby="secrets">
      <h2 id="secrets">Secrets</h2>
      ${secrets.length === 0 && html`<p class="empty">There are none.</p>`}
      ${
        secrets.length > 0 &&
        html`<table>
          <thead><tr><th scope="col">Secret</th><th scope="col">State</th><th scope="col">Refreshed</th></tr></thead>
          <tbody>
            ${secrets.map(
              ({ name, ready, message, refreshedAt }) => html`
                <tr key=${name}>
                  <th scope="row">${short(name, seen)}${!ready && html`<small class="why">${message}</small>`}</th>
                  <td><${Pill} state=${ready ? 'ok' : 'failing'} text=${ready ? 'synced' : 'not synced'} /></td>
                  <td>${refreshedAt ? `${age(refreshedAt, seen.at)} ago` : 'never'}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>`
      }
    </section>
  `
}
