/** The page's entry: takes the token from the address, follows the stream, draws at every change. */
import { render } from '/modules/preact.js'
import { effect } from '/modules/signals.js'
import { connect, takeToken } from './connection.js'
import { Page } from './parts/page.js'
import { html } from './view.js'

const root = /** @type {HTMLElement} */ (document.getElementById('page'))
root.replaceChildren()
takeToken()
// Every signal that is read while drawing draws again; one snapshot a second is no work for one page.
effect(() => render(html`<${Page} />`, root))
connect()
