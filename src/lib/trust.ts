/** The user's own certificate authority, as NODE_EXTRA_CA_CERTS names it, and whether what answers is trusted with it. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { certificateCode, certificateFix, proxyFailure } from './download/failure.ts'
import { DevenvError, messageOf } from './errors.ts'
import { proxyAgent, proxyOf } from './proxies.ts'

type Env = Record<string, string | undefined>

const ASK_MS = 5000

/** The certificates as PEM text, or undefined where none are named. Throws PREFLIGHT for a file that has none. */
export async function extraCertificates(env: Env): Promise<string | undefined> {
  const path = env.NODE_EXTRA_CA_CERTS
  if (!path) return undefined
  const refuse = (why: string) =>
    new DevenvError('PREFLIGHT', `NODE_EXTRA_CA_CERTS=${path}: ${why}`, {
      fix: 'Point it at a file with your CA certificate in PEM form, or unset it.',
    })
  const text = await readFile(path, 'utf8').catch((thrown) => {
    throw refuse(messageOf(thrown))
  })
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0) throw refuse('it holds no certificate')
  for (const one of found) {
    try {
      new X509Certificate(one)
    } catch {
      throw refuse('a certificate in it is damaged')
    }
  }
  return `${found.join('\n')}\n`
}

/**
 * Asks a server over TLS, through the proxy if there is one. Throws PREFLIGHT when somebody answers whose certificate
 * is not trusted, or when the proxy refuses. That nobody answers at all is for those to say who need it.
 */
export async function checkTrusted(url: string, env: Env, tell: (what: string) => void): Promise<void> {
  if (!url.startsWith('https:')) return
  const { fetch } = await import('undici')
  const dispatcher = await proxyAgent(url, env, { idleMs: ASK_MS })
  try {
    await fetch(url, { method: 'HEAD', dispatcher, signal: AbortSignal.timeout(ASK_MS) })
  } catch (thrown) {
    const code = certificateCode(thrown)
    if (code) throw untrusted(url, code, env)
    const proxy = proxyFailure(thrown, url, env)
    // What there is in the mirrors needs no proxy.
    if (proxy?.refused) throw new DevenvError('PREFLIGHT', proxy.why, { cause: thrown, fix: proxy.fix })
    if (proxy) tell(`${proxy.why}: what the mirrors do not have yet cannot be pulled`)
  } finally {
    await dispatcher.destroy().catch(() => undefined)
  }
}

function untrusted(url: string, code: string, env: Env): DevenvError {
  const proxy = proxyOf(url, env)
  const who = proxy
    ? `the proxy ${proxy.host} (${proxy.variable}) opens TLS`
    : 'something on the way opens TLS'
  return new DevenvError(
    'PREFLIGHT',
    `${who}: the certificate that ${new URL(url).host} is answered with is not trusted (${code})`,
    { fix: certificateFix(code, env) },
  )
}
