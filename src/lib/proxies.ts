/** A proxy's name and port, for people: its address may hold a password. */
export function proxyHost(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : 'an address that is no URL'
}

/** The proxies that the user's variables name, as undici's agent takes them. */
export function proxies(env: Record<string, string | undefined>) {
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY
  const noProxy = env.no_proxy ?? env.NO_PROXY
  return {
    // Empty, not absent: the agent would otherwise look into this process' own variables.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: noProxy ?? '',
  }
}
