/** resourceVersion parameters of lists and watches. */
import { ApiError, badRequest } from '../../errors.ts'
import { invalid } from '../registry/invalid.ts'
import type { ApiContext } from './context.ts'

const WAIT_MS = 3000

/** The number of a resourceVersion; undefined when unset. 400 when it is no number. */
export function parseRevision(text: string | null): number | undefined {
  if (!text) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw badRequest(
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: invalid syntax`,
  )
}

/** Waits until the store has reached `revision`; 504 when it has not within three seconds. */
export async function untilRevision({ store, clock }: ApiContext, revision: number): Promise<void> {
  if (store.revision >= revision) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = clock.after(WAIT_MS, resolve)
  using _ = store.subscribe(undefined, (event) => {
    if (event.revision >= revision) resolve()
  })
  await promise
  timer.cancel()
  if (store.revision < revision) throw tooLarge(revision, store.revision)
}

function tooLarge(revision: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Too large resource version: ${revision}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}

/** 422 for combinations of list and watch parameters that make no sense. */
export function checkListOptions(query: URLSearchParams, watch: boolean): void {
  const match = query.get('resourceVersionMatch')
  const revision = query.get('resourceVersion')
  const initial = query.get('sendInitialEvents')
  const refuse = (field: string, detail: string) => {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [{ type: 'Forbidden', field, detail }])
  }
  if (initial !== null && !watch) refuse('sendInitialEvents', 'sendInitialEvents is forbidden for list')
  if (initial !== null && match !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
    refuse('resourceVersionMatch', why)
  }
  if (!match) return
  if (watch && initial === null) {
    refuse(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    )
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      {
        type: 'NotSupported',
        field: 'resourceVersionMatch',
        badValue: match,
        detail: 'supported values: "Exact", "NotOlderThan", ""',
      },
    ])
  }
  if (!watch && query.get('continue')) {
    refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')
  }
  if (!watch && !revision) {
    refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided')
  }
  if (match === 'Exact' && revision === '0') {
    refuse('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
  }
}

/** 410: what happened since is no longer known. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message)
}
