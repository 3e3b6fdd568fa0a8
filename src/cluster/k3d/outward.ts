/** How what runs in the engine reaches out of this machine: through the user's proxies, with the user's certificates. */
import { proxies, proxyHost } from '../../lib/proxies.ts'
import { checkTrusted, extraCertificates } from '../../lib/trust.ts'
import type { BuildOptions } from './builds.ts'
import type { Outward } from './compose.ts'

type Env = Record<string, string | undefined>

/** Programs in Go read this folder beside the system's file. */
const CERTIFICATES = '/etc/ssl/devenv'
/** k3s' own networks, and names inside the cluster. */
const INSIDE = ['127.0.0.0/8', '10.42.0.0/16', '10.43.0.0/16', '.svc', '.cluster.local', 'localhost']

/** Throws PREFLIGHT for certificates that cannot be read, and for a proxy whose own are not trusted. */
export async function checkOutward(
  upstreams: string[],
  env: Env,
  progress: (what: string) => void,
): Promise<void> {
  const { httpsProxy } = proxies(env)
  if (isLoopback(httpsProxy))
    progress(
      `HTTPS_PROXY is on this machine's own address: mirrors and image builds cannot reach ${proxyHost(httpsProxy)}`,
    )
  await extraCertificates(env)
  const told = new Set<string>()
  const tell = (what: string) => {
    if (!told.has(what)) progress(what)
    told.add(what)
  }
  await Promise.all(upstreams.map((url) => checkTrusted(`${url}/v2/`, env, tell)))
}

/** The proxies' variables; `inside` are networks that are reached without them. */
export function proxyVariables(env: Env, inside: string[] = []): Record<string, string> {
  const { httpProxy, httpsProxy, noProxy } = proxies(env)
  if (!httpProxy && !httpsProxy) return {}
  return {
    ...(httpProxy ? { HTTP_PROXY: httpProxy } : {}),
    ...(httpsProxy ? { HTTPS_PROXY: httpsProxy } : {}),
    NO_PROXY: [...(noProxy ? [noProxy] : []), ...INSIDE, ...inside].join(','),
  }
}

/** For the mirrors. */
export async function outwardOf(env: Env): Promise<Outward> {
  const certificates = await extraCertificates(env)
  return {
    env: { ...proxyVariables(env), ...(certificates ? { SSL_CERT_DIR: CERTIFICATES } : {}) },
    files: certificates ? { [`${CERTIFICATES}/ca.pem`]: certificates } : {},
  }
}

/** For image builds. */
export async function buildOutward(env: Env): Promise<BuildOptions['outward']> {
  return { proxies: proxyVariables(env), certificates: await extraCertificates(env) }
}

function isLoopback(proxy: string): boolean {
  return URL.canParse(proxy) && /^(localhost|127\.|\[::1\])/.test(new URL(proxy).hostname)
}
