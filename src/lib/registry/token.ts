/** How a registry wants to be asked: its challenge, and the token that answers it. */
import { HttpFailure } from '../download/failure.ts'

/** A login, or the token that `docker login` got in its place. */
export type Credentials = { username: string; password: string } | { identityToken: string }

type Fetch = (url: string, init: Record<string, unknown>) => Promise<Response>

interface Challenge {
  scheme: string
  parameters: Record<string, string>
}

/** `Bearer realm="…",service="…",scope="…"` in its parts. */
export function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(header.trim()) ?? []
  const parameters = Object.fromEntries(
    [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
  return { scheme: scheme.toLowerCase(), parameters }
}

/**
 * The Authorization header that a challenge asks for, or undefined when there is nothing to answer with. Throws
 * HttpFailure when the token server refuses.
 */
export async function authorize(
  header: string,
  scope: string,
  credentials: Credentials | undefined,
  fetch: Fetch,
): Promise<string | undefined> {
  const { scheme, parameters } = parseChallenge(header)
  if (scheme === 'basic') return credentials && 'username' in credentials ? basic(credentials) : undefined
  if (scheme !== 'bearer' || !parameters.realm) return undefined
  const { realm, service = '' } = parameters
  const answer =
    credentials && 'identityToken' in credentials
      ? await fetch(realm, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: credentials.identityToken,
            client_id: 'devenv',
            service,
            scope,
          }).toString(),
        })
      : await fetch(`${realm}?${new URLSearchParams({ service, scope })}`, {
          headers: credentials ? { authorization: basic(credentials) } : {},
        })
  if (!answer.ok) throw new HttpFailure(answer.status, answer.statusText)
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string }
  return `Bearer ${token ?? access_token}`
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
