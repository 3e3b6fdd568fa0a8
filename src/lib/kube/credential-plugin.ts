/** Credentials that a kubeconfig has a program for: a cloud's login, a company's single sign-on. */
import type { RequestOptions } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { DevenvError, messageOf } from '../errors.ts'

/** A user's `exec` of a kubeconfig (client.authentication.k8s.io). */
export interface ExecPlugin {
  apiVersion?: string
  command?: string
  env?: { name: string; value: string }[] | null
  installHint?: string
}

/** A login that a person has to finish in a browser is taken to have failed after so long. */
const PATIENCE_MS = 60_000

/**
 * Asks the plugin once, so that one that is missing or fails is named at once, and again when its token has ended. The work
 * is @kubernetes/client-node's, which takes half a second to load. Throws ACCESS_DENIED with the plugin's own last words.
 */
export async function pluginCredentials<Tls extends object>(
  document: { users?: { user?: { exec?: ExecPlugin } }[] },
  given: { source: string; context: string | undefined; exec: ExecPlugin | undefined; tls: Tls },
): Promise<{ tls: Tls & { cert?: string; key?: string }; authorization: () => Promise<string | undefined> }> {
  const { source, context, exec, tls } = given
  const { KubeConfig: ClientNodeConfig } = await import('@kubernetes/client-node')
  const config = new ClientNodeConfig()
  config.loadFromString(JSON.stringify(withExecInfo(document)))
  if (context !== undefined) config.setCurrentContext(context)
  const credentials = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {}
    const asked = new AbortController()
    const tooLate = delay(PATIENCE_MS, undefined, { signal: asked.signal }).then(() => {
      throw new Error(`it has not answered within ${PATIENCE_MS / 1000} s`)
    })
    tooLate.catch(() => undefined)
    try {
      await Promise.race([config.applyToHTTPSOptions(options), tooLate])
    } catch (thrown) {
      throw pluginFailure(thrown, source, exec)
    } finally {
      asked.abort()
    }
    return options
  }
  const first = await credentials()
  const asText = (value: RequestOptions['cert']) => (value === undefined ? undefined : String(value))
  const cert = asText(first.cert)
  const key = asText(first.key as RequestOptions['cert'])
  return {
    tls: { ...tls, ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
    authorization: async () => {
      const headers = (await credentials()).headers as Record<string, unknown> | undefined
      return typeof headers?.Authorization === 'string' ? headers.Authorization : undefined
    },
  }
}

/** kubectl tells each plugin by KUBERNETES_EXEC_INFO which version it speaks; client-node leaves that out. */
function withExecInfo(document: { users?: { user?: { exec?: ExecPlugin } }[] }): object {
  const users = (document.users ?? []).map((entry) => {
    const exec = entry.user?.exec
    if (!exec) return entry
    const { apiVersion } = exec
    const value = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } })
    const env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value }]
    return { ...entry, user: { ...entry.user, exec: { ...exec, env } } }
  })
  return { ...document, users }
}

function pluginFailure(thrown: unknown, source: string, exec: ExecPlugin | undefined): DevenvError {
  const command = exec?.command ?? 'its auth-provider'
  const { code } = thrown as NodeJS.ErrnoException
  const failed = (why: string, fix: string) =>
    new DevenvError('ACCESS_DENIED', `${source}: the credential plugin ${command} ${why}`, {
      cause: thrown,
      fix,
    })
  if (code === 'ENOENT' || code === 'EACCES')
    return failed(
      code === 'ENOENT' ? 'is not installed' : 'cannot be run (permission denied)',
      exec?.installHint?.trim() || `Install ${command}, or take a kubeconfig that does not need it.`,
    )
  // Its answer is read as JSON, and then for its status.
  if (thrown instanceof SyntaxError || thrown instanceof TypeError)
    return failed(
      `does not answer with an ExecCredential: ${messageOf(thrown)}`,
      `Run ${command} by hand to see what it answers.`,
    )
  const words = messageOf(thrown).trim() || 'it said nothing'
  return failed(`failed: ${words}`, 'Log in as it asks; kubectl with the same context has to work first.')
}
