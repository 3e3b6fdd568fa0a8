/** The names that the parts of External Secrets share. */

export const EXTERNAL_SECRETS = 'external-secrets.io/v1/externalsecrets'
export const SECRET_STORES = 'external-secrets.io/v1/secretstores'
export const CLUSTER_SECRET_STORES = 'external-secrets.io/v1/clustersecretstores'
export const SECRETS = 'v1/secrets'
export const CONFIG_MAPS = 'v1/configmaps'
export const NAMESPACES = 'v1/namespaces'

/** Stores that name another controller class are left alone. */
export const CONTROLLER_CLASS = 'default'
export const FINALIZER = 'externalsecrets.external-secrets.io/externalsecret-cleanup'
export const MANAGED_LABEL = 'reconcile.external-secrets.io/managed'
export const CREATED_BY_LABEL = 'reconcile.external-secrets.io/created-by'
export const DATA_HASH_ANNOTATION = 'reconcile.external-secrets.io/data-hash'

/** Every controller of the operator: 1 s, doubled, at most 7 minutes. */
export const BACKOFF = { baseMs: 1000, maxMs: 420_000 }
