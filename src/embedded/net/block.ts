/** Which 127.N.0.0/16 is this environment's: claimed by a listener, so that two environments never share one. */
import { createServer, type Server } from 'node:net'
import { DevenvError, messageOf } from '../../lib/errors.ts'

// 127.0 holds the machine's own loopback addresses, 127.1 is what some systems use for their host name.
const FIRST = 10
const LAST = 250
const CLAIM_PORT = 64999

export interface Block extends AsyncDisposable {
  /** N. */
  readonly number: number
}

/**
 * Claims the block of `hint` (any number) or the next free one. `exact`: this block or an error, because
 * stored objects carry its addresses. Throws PREFLIGHT when the machine has no such addresses.
 */
export async function claimBlock(hint: number, exact = false): Promise<Block> {
  const count = exact ? 1 : LAST - FIRST + 1
  for (let offset = 0; offset < count; offset++) {
    const number = exact ? hint : FIRST + ((Math.abs(hint) + offset) % (LAST - FIRST + 1))
    const claim = await tryClaim(number)
    if (claim) return { number, [Symbol.asyncDispose]: () => closed(claim) }
  }
  throw new DevenvError(
    'PREFLIGHT',
    exact ? `127.${hint}.0.0/16 is taken by another environment` : 'all of 127.0.0.0/8 is taken',
    {
      fix: 'Take down an environment that is not needed (devenv down --name NAME).',
    },
  )
}

/** A listener on an address of the block that nothing else uses, or undefined when another one has it. */
function tryClaim(number: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else
        reject(
          new DevenvError('PREFLIGHT', `cannot use addresses in 127.0.0.0/8: ${messageOf(error)}`, {
            cause: error,
          }),
        )
    })
    server.listen({ host: `127.${number}.255.254`, port: CLAIM_PORT, exclusive: true }, () => {
      server.unref()
      resolve(server)
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
