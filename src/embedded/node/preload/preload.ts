/**
 * Loaded before a pod's Node program: a server that asks for every address gets the pod's own, and where the
 * hosts file cannot be mounted, cluster names are looked up in it.
 */
import net from 'node:net'

const podIp = process.env.POD_IP
const EVERY_ADDRESS = new Set(['0.0.0.0', '::', ''])

if (podIp) {
  const listen = net.Server.prototype.listen as (...args: unknown[]) => net.Server
  net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
    return listen.apply(this, withPodAddress(args, podIp))
  } as typeof net.Server.prototype.listen
}

if (process.env.DEVENV_HOSTS_FILE) {
  const { resolveFromFile } = await import('./resolve.ts')
  resolveFromFile(process.env.DEVENV_HOSTS_FILE)
}

/** The arguments of `server.listen` with the pod's address where they name none, or all. */
function withPodAddress(args: unknown[], ip: string): unknown[] {
  const [first, second] = args
  if (typeof first === 'object' && first !== null && 'port' in first) {
    const host = (first as { host?: string }).host ?? ''
    return EVERY_ADDRESS.has(host) ? [{ ...first, host: ip }, ...args.slice(1)] : args
  }
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  if (!isPort) return args
  if (typeof second === 'string') return EVERY_ADDRESS.has(second) ? [first, ip, ...args.slice(2)] : args
  // listen(port, backlog?, callback?): the address goes between.
  return [first, ip, ...args.slice(1)]
}
