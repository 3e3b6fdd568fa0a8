/** A port that is taken where the engine runs: in a virtual machine nothing here tells that beforehand. */
import { DevenvError, EXIT, messageOf } from '../../lib/errors.ts'

/** Docker's words in their versions, and Docker Desktop's. */
const TAKEN = /port is already allocated|address already in use|ports are not available/i
/** The part of the engine's sentence that has the address, without who calls it and what comes after. */
const SENTENCE =
  /(?:listen tcp |bind for )?\b(?:127\.0\.0\.1|0\.0\.0\.0):\d+[^"\n]*?(?:already allocated|already in use)/i

/** PORT_BUSY for a failure of that cause, else undefined. `what` is what does not start. */
export function portTaken(what: string, thrown: unknown): DevenvError | undefined {
  const message = messageOf(thrown)
  if (!TAKEN.test(message)) return undefined
  return new DevenvError(
    'PORT_BUSY',
    `${what} does not start, a port is taken where the engine runs: ${SENTENCE.exec(message)?.[0] ?? message}`,
    {
      cause: thrown,
      // Other things of the environment are there already.
      exitCode: EXIT.failed,
      fix: 'End the program that has the port, or npm run down and npm run up for new ports.',
    },
  )
}
