/**
 * Ports that a program holds on every address of this machine: pods and Services get addresses of their own, but
 * nobody can listen there beside a listener on 0.0.0.0 or [::]. Found before anything is created.
 */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { DevenvError } from '../../lib/errors.ts'

export interface WantedPort {
  port: number
  /** `Service team1-project-core-api`. */
  owner: string
}

/** Throws PORT_BUSY with all of them. */
export async function checkPorts(wanted: WantedPort[]): Promise<void> {
  const held = await Promise.all(wanted.map(async (one) => ((await isHeld(one.port)) ? [one] : [])))
  const busy = held.flat()
  if (busy.length === 0) return
  const list = busy.map(({ port, owner }) => `${port} (${owner})`).join(', ')
  const filter = busy.map(({ port }) => `sport = :${port}`).join(' or ')
  throw new DevenvError(
    'PORT_BUSY',
    `another program listens on all addresses of this machine at ${busy.length === 1 ? 'port' : 'ports'} ${list}`,
    {
      fix: `End it, or make it listen on 127.0.0.1 alone; ss -ltnp '${filter}' shows it. Nothing was created.`,
    },
  )
}

/** Two addresses that nothing uses: a listener on one of them alone would be another check, not a wildcard. */
async function isHeld(port: number): Promise<boolean> {
  return (await isTaken(unusedAddress(), port)) && (await isTaken(unusedAddress(), port))
}

/** Above the blocks that environments claim. */
function unusedAddress(): string {
  return `127.${randomInt(252, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`
}

/** Only EADDRINUSE counts: a port below 1024 is not ours to open here, and no reason to stop. */
function isTaken(address: string, port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}
