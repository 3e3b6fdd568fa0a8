/** External Secrets as the embedded cluster runs it: stores and ExternalSecrets. */
import { isDeepStrictEqual } from 'node:util'
import type { Lookup } from '../../../lib/http-client.ts'
import type { Client } from '../../client.ts'
import { type KubeObject, keyOf, parseKey } from '../../objects.ts'
import type { Controller } from '../runtime/controller.ts'
import { BACKOFF, EXTERNAL_SECRETS, MANAGED_LABEL, SECRETS } from './resources.ts'
import { storeControllers } from './store/store-controllers.ts'
import { targetName } from './sync/build-secret.ts'
import { syncExternalSecret } from './sync/sync-external-secret.ts'
import type { TemplateEngine } from './sync/template.ts'
import type { ExternalSecret } from './types.ts'

export interface ExternalSecretsOptions {
  /** Cluster DNS, for the servers of stores. */
  lookup: Lookup
  /** Loads the engine for `target.template` and `rewrite.transform`. Default: Go templates with Sprig. */
  engine?: () => Promise<TemplateEngine>
}

/** Stores come first: an ExternalSecret whose store is not Ready waits for its own backoff. */
export function externalSecretsControllers({
  lookup,
  engine = goTemplates,
}: ExternalSecretsOptions): Controller[] {
  return [...storeControllers(lookup), externalSecretController(lookup, engine)]
}

/** Loaded on first use: most ExternalSecrets have no template. */
const goTemplates = async () => (await import('./sync/go-template.ts')).renderGoTemplate

function externalSecretController(lookup: Lookup, engine: () => Promise<TemplateEngine>): Controller {
  return {
    name: 'external-secrets',
    backoff: BACKOFF,
    concurrency: 5,
    watches: [
      { resource: EXTERNAL_SECRETS, when: (object, previous) => !previous || !sameRequest(object, previous) },
      {
        resource: SECRETS,
        when: (object) => object.metadata.labels?.[MANAGED_LABEL] === 'true',
        keys: externalSecretsOf,
      },
    ],
    async reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const found = context.client.get(EXTERNAL_SECRETS, namespace, name)
      if (!found) return undefined
      return await syncExternalSecret(found as ExternalSecret, { context, lookup, engine })
    },
  }
}

/** Status writes do not count; labels and annotations do, as a way to force a sync. */
function sameRequest({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return isDeepStrictEqual(
    [a.generation, a.labels, a.annotations, a.finalizers, a.deletionTimestamp],
    [b.generation, b.labels, b.annotations, b.finalizers, b.deletionTimestamp],
  )
}

/** The ExternalSecrets whose target a Secret is. */
function externalSecretsOf({ metadata }: KubeObject, client: Client): string[] {
  return client
    .list(EXTERNAL_SECRETS, { namespace: metadata.namespace! })
    .filter((externalSecret) => targetName(externalSecret as ExternalSecret) === metadata.name)
    .map(keyOf)
}
