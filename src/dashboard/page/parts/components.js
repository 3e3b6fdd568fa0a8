/** What the environment is made of, and which parts are not the real product. */
import { html } from '../view.js'
import { Pill } from './pill.js'

/** @import { Snapshot } from '../../snapshot.ts' */

/** @param {{ seen: Snapshot }} props */
export function Components({ seen }) {
  const { components } = seen.status
  if (components.length === 0) return null
  return html`
    <section aria-labelledby="components">
      <h2 id="components">Components</h2>
      <table>
        <thead><tr><th scope="col">Product</th><th scope="col">Version</th><th scope="col">State</th></tr></thead>
        <tbody>
          ${components.map(
            ({ name, version, implementation, ready, message }) => html`
              <tr key=${name}>
                <th scope="row">${name}${!ready && html`<small class="why">${message}</small>`}</th>
                <td class="version">${version}${implementation === 'embedded' && html` <small>embedded</small>`}</td>
                <td><${Pill} state=${ready ? 'ok' : 'failing'} text=${ready ? 'ready' : 'not ready'} /></td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `
}
