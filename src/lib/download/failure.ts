/** Why a download failed, in words that lead to the cure: names, proxies, certificates, truncation, disk. */
import { DevenvError, messageOf } from '../errors.ts'
import { proxyOf } from '../proxies.ts'

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS/
const MIRROR_FIX = 'Or point DEVENV_MIRROR at a folder or web server that has the file.'

/** An answer of the server that is no file. */
export class HttpFailure extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(`HTTP ${status} ${text}`.trim())
    this.status = status
  }
}

/** The error to throw, and whether the same request may go better a moment later. */
export function transferFailure(
  thrown: unknown,
  url: string,
  title: string,
  env: Record<string, string | undefined> = process.env,
): { error: DevenvError; worthRetry: boolean } {
  if (thrown instanceof DevenvError) return { error: thrown, worthRetry: true }
  const { code, message } = rootCause(thrown)
  const failed = (why: string, fix: string, worthRetry: boolean) => ({
    error: new DevenvError('DOWNLOAD_FAILED', `${title}: ${url}: ${why}`, { cause: thrown, fix }),
    worthRetry,
  })
  if (thrown instanceof HttpFailure) {
    const temporary = thrown.status >= 500 || thrown.status === 429 || thrown.status === 416
    const via = URL.canParse(url) ? proxyOf(url, env) : undefined
    const who = via ? `; it or the proxy ${via.host} (${via.variable}) says so` : ''
    const look = temporary ? 'Try again later.' : 'Look whether the address is right.'
    return failed(`answered ${thrown.message}${who}`, `${look} ${MIRROR_FIX}`, temporary)
  }
  const proxy = URL.canParse(url) ? proxyFailure(thrown, url, env) : undefined
  if (proxy) return failed(proxy.why, `${proxy.fix} ${MIRROR_FIX}`, !proxy.refused)
  if (CERTIFICATE.test(code))
    return failed(`its certificate is not trusted (${code})`, certificateFix(code, env), false)
  if (code === 'ENOSPC')
    return failed(
      'the disk of the cache is full',
      'Free some space, or move the cache with DEVENV_HOME.',
      false,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed(
      `${message}: its name is not known here`,
      `Check the network; behind a proxy set HTTPS_PROXY. ${MIRROR_FIX}`,
      code === 'EAI_AGAIN',
    )
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return failed('it answers without TLS', 'Look whether the address is right: http:// may be meant.', false)
  if (code.startsWith('UND_ERR_') && code.endsWith('_TIMEOUT'))
    return failed(
      `it says nothing (${message})`,
      `Check the network; behind a proxy set HTTPS_PROXY. ${MIRROR_FIX}`,
      true,
    )
  // fetch ends without a word at a server's own 407.
  if (message === '')
    return failed(
      'it, or a proxy on the way, wants a login (HTTP 407)',
      `Behind a proxy set HTTPS_PROXY. ${MIRROR_FIX}`,
      false,
    )
  return failed(message, `Check the network; behind a proxy set HTTPS_PROXY. ${MIRROR_FIX}`, true)
}

/** The code of an untrusted certificate among the causes of an error; undefined for any other. */
export function certificateCode(thrown: unknown): string | undefined {
  const { code } = rootCause(thrown)
  return CERTIFICATE.test(code) ? code : undefined
}

/**
 * What a proxy did to a request, as a sentence, and whether it refused; undefined where no proxy was asked or the
 * failure is not its own.
 */
export function proxyFailure(
  thrown: unknown,
  url: string,
  env: Record<string, string | undefined>,
): { why: string; fix: string; refused: boolean } | undefined {
  const proxy = proxyOf(url, env)
  if (!proxy) return undefined
  const { code, message } = rootCause(thrown)
  const named = `the proxy ${proxy.host} (${proxy.variable})`
  // Its answer to CONNECT, and to a request without TLS.
  const status = Number(/^Proxy response \((\d+)\)/.exec(message)?.[1] ?? /\((407)\)$/.exec(message)?.[1])
  if (status === 407)
    return {
      why: `${named} refuses the login in its address, or wants one`,
      fix: `Write it as http://USER:PASSWORD@HOST:PORT into ${proxy.variable}.`,
      refused: true,
    }
  if (status >= 500)
    return {
      why: `${named} does not reach it (HTTP ${status})`,
      fix: 'Look whether the address is right, and whether the proxy works.',
      refused: false,
    }
  if (status)
    return {
      why: `${named} does not let requests to it through (HTTP ${status})`,
      fix: 'Have it allowed there; NO_PROXY names hosts that are reached without it.',
      refused: true,
    }
  const reason = UNREACHED[code]
  if (!reason) return undefined
  return {
    why: `${named} cannot be reached: ${reason}`,
    fix: `Look whether ${proxy.variable} is right and the proxy runs.`,
    refused: false,
  }
}

/** Through a proxy only itself is connected to. */
const UNREACHED: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name is not known here',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS: write its address with http://',
}

/** What mends a certificate that is not trusted. Node reads NODE_EXTRA_CA_CERTS when it starts. */
export function certificateFix(code: string, env: Record<string, string | undefined>): string {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'Look at the clock of this machine; if it is right, whoever runs that server has to renew its certificate.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Its certificate is for other names: look whether the address is right, and who answers in its place.'
  const named = env.NODE_EXTRA_CA_CERTS
  return named
    ? `NODE_EXTRA_CA_CERTS=${named} has another CA than the one that signed it: put that one into the file, too.`
    : 'Set NODE_EXTRA_CA_CERTS to a file (PEM) with the CA that signed it: your company’s, or that of a proxy that opens TLS on the way. devenv hands it on to mirrors, nodes and image builds.'
}

/** A connection that ended before the file did. */
export function truncated(url: string, title: string, got: number, total: number): DevenvError {
  return new DevenvError(
    'DOWNLOAD_FAILED',
    `${title}: ${url}: the connection ended after ${got} of ${total} bytes`,
    { fix: 'Run the command again: it goes on where this one ended.' },
  )
}

/** fetch wraps what happened once or twice. */
function rootCause(thrown: unknown): { code: string; message: string } {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error && error.cause instanceof Error; depth++)
    error = error.cause
  const first = (error as { errors?: Error[] }).errors?.[0] ?? error
  return { code: String((first as NodeJS.ErrnoException).code ?? ''), message: messageOf(first) }
}
