/** Logs in to Vault with the first method that a store configures. */
import type { VaultAuth } from '../types.ts'
import { type RefScope, readSecretRef } from './secret-ref.ts'
import type { VaultHttp } from './vault-http.ts'

/** Sets the client's token. Answers true when a login got it, so that it has to be revoked. */
export async function authenticate(http: VaultHttp, auth: VaultAuth, scope: RefScope): Promise<boolean> {
  if (auth.tokenSecretRef) {
    http.token = readSecretRef(scope, auth.tokenSecretRef)
    return false
  }
  const { path, body } = loginRequest(auth, scope)
  http.token = JSON.parse(await http.send('PUT', path, body)).auth.client_token
  return true
}

interface Login {
  path: string
  body: Record<string, string>
}

/** Methods in the operator's order; an error of the chosen one is final. */
function loginRequest(auth: VaultAuth, scope: RefScope): Login {
  const { appRole, kubernetes, ldap, userPass, jwt } = auth
  if (appRole) return appRoleLogin(appRole, scope)
  if (kubernetes) return kubernetesLogin(kubernetes, scope)
  if (ldap) return passwordLogin('ldap', ldap, scope)
  if (userPass) return passwordLogin('userpass', userPass, scope)
  if (jwt?.secretRef) {
    const body = { role: jwt.role?.trim() ?? '', jwt: readSecretRef(scope, jwt.secretRef) }
    return { path: `auth/${jwt.path ?? 'jwt'}/login`, body }
  }
  if (auth.jwt || auth.cert || auth.iam || auth.gcp) {
    throw new Error(
      'cannot initialize Vault client: this auth method is not available in the embedded cluster',
    )
  }
  throw new Error('cannot initialize Vault client: no valid auth method specified')
}

function appRoleLogin(appRole: NonNullable<VaultAuth['appRole']>, scope: RefScope): Login {
  const roleId = appRole.roleId
    ? appRole.roleId.trim()
    : appRole.roleRef
      ? readSecretRef(scope, appRole.roleRef)
      : undefined
  if (roleId === undefined)
    throw new Error('invalid Auth.AppRole: neither `roleId` nor `roleRef` was supplied')
  return {
    path: `auth/${appRole.path ?? 'approle'}/login`,
    body: { role_id: roleId, secret_id: readSecretRef(scope, appRole.secretRef) },
  }
}

function kubernetesLogin(kubernetes: NonNullable<VaultAuth['kubernetes']>, scope: RefScope): Login {
  if (!kubernetes.secretRef) {
    throw new Error(
      'cannot initialize Vault client: kubernetes auth needs a secretRef in the embedded cluster',
    )
  }
  return {
    path: `auth/${kubernetes.mountPath ?? 'kubernetes'}/login`,
    body: { role: kubernetes.role, jwt: readSecretRef(scope, kubernetes.secretRef, 'token') },
  }
}

function passwordLogin(mount: string, auth: NonNullable<VaultAuth['userPass']>, scope: RefScope): Login {
  const password = readSecretRef(scope, auth.secretRef ?? {})
  const user = encodeURIComponent(auth.username.trim())
  return { path: `auth/${auth.path ?? mount}/login/${user}`, body: { password } }
}

/** Every Secret reference of a store's authentication. */
export function authRefs(auth: VaultAuth): { namespace?: string }[] {
  return [
    auth.tokenSecretRef,
    auth.appRole?.secretRef,
    auth.appRole?.roleRef,
    auth.kubernetes?.secretRef,
    auth.ldap?.secretRef,
    auth.userPass?.secretRef,
    auth.jwt?.secretRef,
  ].filter((ref) => ref !== undefined)
}
