/** The stack as Argo CD sees it. */
import { html } from '../view.js'
import { Pill } from './pill.js'

/** @import { Snapshot } from '../../snapshot.ts' */

/** @param {{ seen: Snapshot }} props */
export function Application({ seen }) {
  const app = seen.status.application
  if (!app) return null
  const syncState = app.sync === 'Synced' ? 'ok' : app.failing ? 'failing' : 'progressing'
  const healthState = app.health === 'Healthy' ? 'ok' : app.health === 'Degraded' ? 'failing' : 'progressing'
  return html`
    <section aria-labelledby="application">
      <h2 id="application">Argo CD</h2>
      <div class="line">
        <h3>${app.name}</h3>
        <span><${Pill} state=${syncState} text=${app.sync} /> <${Pill} state=${healthState} text=${app.health} /></span>
      </div>
      ${app.message && html`<p class="why">${app.message}</p>`}
      <p class="hint">
        revision <code>${app.revision.slice(0, 7) || 'none yet'}</code>
        ${app.healing > 0 && html` · the same drift repaired ${app.healing}×`}
      </p>
    </section>
  `
}
