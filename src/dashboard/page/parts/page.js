/** The page as a whole. */
import { connection, dialog, notice, snapshot } from '../state.js'
import { html } from '../view.js'
import { Application } from './application.js'
import { Canaries } from './canaries.js'
import { Components } from './components.js'
import { Events } from './events.js'
import { Header } from './header.js'
import { Load } from './load.js'
import { Log } from './log.js'
import { Queues } from './queues.js'
import { Secrets } from './secrets.js'
import { Why } from './why.js'
import { Workloads } from './workloads.js'

export function Page() {
  const seen = snapshot.value
  const open = dialog.value
  if (connection.value === 'refused') return html`<${Refused} />`
  return html`
    <a class="skip" href="#workloads">Skip to the workloads</a>
    <${Header} />
    <main>
      ${
        seen
          ? html`
              <div class="wide"><${Workloads} seen=${seen} /><${Queues} seen=${seen} /></div>
              <div class="narrow">
                <${Canaries} seen=${seen} /><${Load} /><${Application} seen=${seen} />
                <${Secrets} seen=${seen} /><${Components} seen=${seen} />
              </div>
              <${Events} seen=${seen} />
            `
          : html`<p class="empty">Waiting for the first look at the environment…</p>`
      }
    </main>
    <div class="notice ${notice.value?.bad ? 'bad' : ''}" role="status">${notice.value?.text}</div>
    ${open?.kind === 'why' && html`<${Why} key=${open.name} name=${open.name} />`}
    ${open?.kind === 'log' && html`<${Log} key=${open.name} name=${open.name} />`}
  `
}

function Refused() {
  return html`
    <main class="alone">
      <h1>This address lacks its token</h1>
      <p>
        <code>npm run dashboard</code> prints the whole address. The part after the “#” lets you in, and the browser
        keeps it for this tab only.
      </p>
    </main>
  `
}
