/** Markup without a build step: htm over preact. */
import htm from '/modules/htm.js'
import { h } from '/modules/preact.js'

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = /** @type {any} */ (htm).bind(h)
