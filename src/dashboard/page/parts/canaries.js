/** Canaries: where they stand, and the buttons that move them. */
import { act } from '../connection.js'
import { html } from '../view.js'
import { short } from '../words.js'
import { Pill } from './pill.js'

/** @import { CanaryView, Snapshot, Verb } from '../../snapshot.ts' */

/** @type {[verb: Verb, title: string, done: string][]} */
const VERBS = [
  ['promote', 'Promote', 'promoted to its next step'],
  ['promote-full', 'Promote fully', 'promoted all the way'],
  ['abort', 'Abort', 'aborted: back to the stable version'],
  ['retry', 'Retry', 'started again'],
]

/** @type {Record<string, 'ok' | 'progressing' | 'failing'>} */
const PHASES = { Healthy: 'ok', Degraded: 'failing' }

/** @param {{ seen: Snapshot }} props */
export function Canaries({ seen }) {
  return html`
    <section aria-labelledby="canaries">
      <h2 id="canaries">Canary</h2>
      ${seen.canaries.length === 0 && html`<p class="empty">There is no Rollout.</p>`}
      ${seen.canaries.map((one) => html`<${Canary} key=${one.name} one=${one} called=${short(one.name, seen)} />`)}
    </section>
  `
}

/** @param {{ one: CanaryView, called: string }} props */
function Canary({ one, called }) {
  const { asked, actual } = one.weight
  return html`
    <article data-rollout=${one.name}>
      <div class="line">
        <h3>${called}</h3>
        <${Pill} state=${PHASES[one.phase] ?? 'progressing'} text=${one.phase} />
      </div>
      ${one.message && html`<p class="why">${one.message}</p>`}
      <ol class="steps" aria-label="Steps of ${called}">
        ${one.steps.map(
          ({ text, state }) => html`
            <li class=${state} aria-current=${state === 'current' ? 'step' : undefined}>
              ${text}${state === 'done' && html`<span class="unseen"> (done)</span>`}
            </li>
          `,
        )}
      </ol>
      <label class="weight">
        <span>New version: <b>${actual} %</b> of the pods${asked !== actual ? html`, ${asked} % asked for` : ''}</span>
        <progress max="100" value=${actual}></progress>
      </label>
      <ul class="revisions">
        ${one.revisions.map(
          ({ revision, tags, image, pods, available }) => html`
            <li key=${`${revision} ${image}`}>
              <span>revision ${revision}${tags.length > 0 ? ` · ${tags.join(', ')}` : ''}</span>
              <code>${image}</code> <span>${available}/${pods} available</span>
            </li>
          `,
        )}
      </ul>
      <div class="actions">
        ${VERBS.map(([verb, title, done]) => {
          const possible = one.verbs.includes(verb)
          const press = () => {
            if (possible) act('POST', '/api/rollout', { name: one.name, verb }, `${called} ${done}`)
          }
          return html`<button key=${verb} type="button" class=${verb} aria-disabled=${!possible} onClick=${press}>
            ${title}<span class="unseen"> ${called}</span>
          </button>`
        })}
      </div>
      ${one.verbs.length === 0 && html`<p class="hint">A new version starts a canary: <code>npm run release -- ${called} TAG</code></p>`}
    </article>
  `
}
