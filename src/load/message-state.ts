/** What is known of one message, as flags in a byte. */

export const PUBLISHED = 1
export const CONFIRMED = 2
export const REPLIED = 4
/** Came back as unroutable: there was no queue for it. */
export const RETURNED = 8
/** The broker did not take it or, over HTTP, the request failed without an answer. */
export const FAILED = 16
/** Went out again after a reconnect, because nobody knew whether the broker had it. */
export const REPUBLISHED = 32

/** Any of these: the broker's part is known. */
export const SETTLED = CONFIRMED | REPLIED | RETURNED | FAILED

/** The life of nearly every message: nothing more is to be remembered of it. */
export const COMPLETE = PUBLISHED | CONFIRMED | REPLIED
