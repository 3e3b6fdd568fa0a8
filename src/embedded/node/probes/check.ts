/** One run of a probe: HTTP, TCP or a command, with the kubelet's failure texts (pkg/probe). */
import { request } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect } from 'node:net'

export interface CheckResult {
  passed: boolean
  /** Why not, as it stands after `Readiness probe failed: `. */
  output: string
}

export interface CheckTarget {
  /** The pod's address. */
  ip: string
  /** The container's named ports. */
  ports: { name?: string; containerPort: number }[]
  /** Runs a command in the container. Rejects when `signal` aborts. */
  exec(command: string[], signal: AbortSignal): Promise<{ exitCode: number; output: string }>
}

const PASSED: CheckResult = { passed: true, output: '' }

/** Runs the probe once; never rejects. */
export async function check(probe: any, target: CheckTarget): Promise<CheckResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000
  if (probe.httpGet) return checkHttp(probe.httpGet, target, timeoutMs)
  if (probe.tcpSocket) {
    const port = portNumber(probe.tcpSocket.port, target)
    return checkTcp(probe.tcpSocket.host ?? target.ip, port, timeoutMs)
  }
  if (probe.exec) return checkExec(probe.exec.command ?? [], target, timeoutMs)
  return { passed: false, output: 'this kubelet runs http, tcp and exec probes only' }
}

/** A port number, or the container's port of that name (0 when there is none). */
function portNumber(port: number | string, target: Pick<CheckTarget, 'ports'>): number {
  if (typeof port === 'number') return port
  const named = target.ports.find((candidate) => candidate.name === port)
  return named?.containerPort ?? (Number(port) || 0)
}

function checkHttp(get: any, target: CheckTarget, timeoutMs: number): Promise<CheckResult> {
  const port = portNumber(get.port, target)
  const host = get.host || target.ip
  const secure = get.scheme === 'HTTPS'
  const path = get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`
  const url = `${secure ? 'https' : 'http'}://${host}:${port}${path}`
  const headers: Record<string, string> = {
    'User-Agent': 'kube-probe/1.35',
    Accept: '*/*',
    Connection: 'close',
  }
  for (const { name, value } of get.httpHeaders ?? []) headers[name] = value
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ passed: false, output: `Get "${url}": ${why}` })
    const make = secure ? requestTls : request
    const call = make(url, { headers, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      clearTimeout(timer)
      if (status >= 200 && status < 400) resolve(PASSED)
      else resolve({ passed: false, output: `HTTP probe failed with statuscode: ${status}` })
    })
    const timer = setTimeout(() => {
      fail('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')
      call.destroy()
    }, timeoutMs)
    call.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      fail(dialError(error, host, port))
    })
    call.end()
  })
}

function checkTcp(host: string, port: number, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve({ passed: false, output: `dial tcp ${host}:${port}: i/o timeout` })
    }, timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(PASSED)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve({ passed: false, output: dialError(error, host, port) })
    })
  })
}

function dialError(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`
  if (error.code === 'ECONNRESET') return 'EOF'
  return error.message
}

async function checkExec(command: string[], target: CheckTarget, timeoutMs: number): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const { exitCode, output } = await target.exec(command, signal)
    return exitCode === 0 ? PASSED : { passed: false, output }
  } catch {
    const seconds = timeoutMs / 1000
    return { passed: false, output: `command timed out: "${command.join(' ')}" timed out after ${seconds}s` }
  }
}
