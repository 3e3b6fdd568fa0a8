/** Slow start: 1, 2, 4… at a time, so that a quota that refuses one pod is not asked five hundred times. */

/**
 * Calls `create` `count` times in doubling batches. A batch with a failure is the last one.
 * Answers the first thing thrown.
 */
export function slowStart(count: number, create: () => void): unknown {
  let left = count
  for (let size = Math.min(count, 1); size > 0; size = Math.min(2 * size, left)) {
    let failure: unknown
    for (let made = 0; made < size; made++) {
      try {
        create()
      } catch (thrown) {
        failure ??= thrown
      }
    }
    if (failure !== undefined) return failure
    left -= size
  }
  return undefined
}
