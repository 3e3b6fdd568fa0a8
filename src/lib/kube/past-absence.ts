/** Calls that an API server's short absence does not fail: a k3s that was just started again may end once more, after it has answered. */
import { DevenvError, messageOf } from '../errors.ts'
import { waitFor } from '../wait.ts'

const AWAY_MS = 60_000

/** Repeats an act, which may be done twice, while its error or the cause of it is UNREACHABLE; for a minute at most. */
export async function pastAbsence(
  what: string,
  act: () => Promise<void>,
  { signal, waiting }: { signal: AbortSignal; waiting?: ((what: string) => void) | undefined },
): Promise<void> {
  const began = Date.now()
  await waitFor(
    what,
    async () => {
      try {
        await act()
        return { done: true }
      } catch (thrown) {
        const cause = thrown instanceof DevenvError ? thrown.cause : undefined
        if (![thrown, cause].some(isUnreachable) || Date.now() - began > AWAY_MS) throw thrown
        return { waiting: messageOf(thrown) }
      }
    },
    { signal, onWaiting: (state) => waiting?.(state.waiting) },
  )
}

export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof DevenvError && thrown.code === 'UNREACHABLE'
}
