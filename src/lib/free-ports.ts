/** Free TCP ports on 127.0.0.1. */
import { type AddressInfo, createServer } from 'node:net'

/** `count` different ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  try {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject)
            server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, resolve)
          }),
      ),
    )
    return servers.map((server) => (server.address() as AddressInfo).port)
  } finally {
    for (const server of servers) server.close()
  }
}
