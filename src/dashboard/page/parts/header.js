/** What this is, how it is, and where else to look. */
import { connection, snapshot } from '../state.js'
import { html } from '../view.js'
import { Pill } from './pill.js'

/** @type {Record<string, 'ok' | 'progressing' | 'failing'>} */
const PHASES = { Ready: 'ok', Starting: 'progressing', Degraded: 'failing' }

const CONNECTION = {
  connecting: 'connecting…',
  live: 'live',
  lost: 'not connected, trying again…',
  refused: '',
}

/** @type {[key: 'frontend' | 'coreApi' | 'rabbitmqManagement' | 'argocd', title: string][]} */
const LINKS = [
  ['frontend', 'Frontend'],
  ['coreApi', 'core-api'],
  ['rabbitmqManagement', 'RabbitMQ'],
  ['argocd', 'Argo CD'],
]

export function Header() {
  const status = snapshot.value?.status
  document.title = status ? `${status.phase} · ${status.name}` : 'devenv'
  return html`
    <header>
      <div class="title">
        <h1>${status?.application?.name ?? status?.name ?? 'devenv'}</h1>
        ${status && html`<${Pill} state=${PHASES[status.phase] ?? 'resting'} text=${status.phase} />`}
        <span class="connection ${connection.value}">${CONNECTION[connection.value]}</span>
      </div>
      ${status?.message && html`<p class="message">${status.message}</p>`}
      <div class="about">
        ${
          status?.cluster &&
          html`<p>
            ${status.cluster.kind} cluster · Kubernetes ${status.cluster.kubernetes} · profile ${status.profile} ·
            ${' '}environment ${status.name}
          </p>`
        }
        <nav aria-label="Elsewhere">
          ${LINKS.map(([key, title]) => {
            const url = status?.endpoints[key]
            return url && html`<a href=${url} target="_blank" rel="noreferrer">${title}</a>`
          })}
        </nav>
      </div>
    </header>
  `
}
