/** Paths outside the resource tree: version, health, the path index, token verification keys. */
import type { Exchange } from './exchange.ts'
import { sendJson, sendText } from './respond.ts'

const HEALTH = new Set(['/healthz', '/livez', '/readyz'])
const CHECKS = ['ping', 'log', 'etcd', 'informer-sync', 'poststarthook/start-apiextensions-controllers']

/** Whether a path is open to anonymous clients. */
export function isPublic(pathname: string): boolean {
  return pathname === '/version' || HEALTH.has(`/${pathname.split('/')[1] ?? ''}`)
}

/** Answers a static path; false when the path is none. */
export function handleStatic(exchange: Exchange): boolean {
  const { url, context } = exchange
  const { pathname } = url
  if (pathname === '/version' || pathname === '/version/') {
    sendJson(exchange, 200, version(context.gitVersion))
    return true
  }
  if (HEALTH.has(pathname)) {
    health(exchange, pathname.slice(1))
    return true
  }
  if (isHealthCheck(pathname)) {
    const failure = pathname.endsWith('/etcd') ? context.store.writeFailure() : undefined
    if (failure === undefined) sendText(exchange, 200, 'ok')
    else sendText(exchange, 500, `internal server error: ${failure}`)
    return true
  }
  if (pathname === '/') {
    sendJson(exchange, 200, { paths: indexPaths(exchange) })
    return true
  }
  if (pathname === '/.well-known/openid-configuration') {
    sendJson(exchange, 200, context.tokens.configuration())
    return true
  }
  if (pathname === '/openid/v1/jwks') {
    sendJson(exchange, 200, context.tokens.keys(), 'application/jwk-set+json')
    return true
  }
  return false
}

/** What /version answers for a `v1.35.x`. */
function version(gitVersion: string): Record<string, string> {
  const [major = '1', minor = '35'] = gitVersion.replace(/^v/, '').split('.')
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: `node${process.versions.node}`,
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  }
}

/** As the real one does, /livez leaves the storage out: a restart would not mend a full disk. */
function health(exchange: Exchange, name: string): void {
  const failure = name === 'livez' ? undefined : exchange.context.store.writeFailure()
  if (failure === undefined && !exchange.query.has('verbose')) {
    sendText(exchange, 200, 'ok')
    return
  }
  const lines = CHECKS.map((check) =>
    check === 'etcd' && failure !== undefined ? `[-]etcd failed: ${failure}` : `[+]${check} ok`,
  )
  const verdict = failure === undefined ? 'passed' : 'failed'
  sendText(exchange, failure === undefined ? 200 : 500, [...lines, `${name} check ${verdict}`, ''].join('\n'))
}

function isHealthCheck(pathname: string): boolean {
  const [, root = '', ...check] = pathname.split('/')
  return HEALTH.has(`/${root}`) && CHECKS.includes(check.join('/'))
}

function indexPaths({ context }: Exchange): string[] {
  const groups = new Set<string>(['/api', '/apis'])
  for (const { group, version: each } of context.catalog.resources()) {
    if (!group) groups.add(`/api/${each}`)
    else groups.add(`/apis/${group}`).add(`/apis/${group}/${each}`)
  }
  return [...groups, ...HEALTH, '/openapi/v2', '/openapi/v3', '/version'].sort()
}
