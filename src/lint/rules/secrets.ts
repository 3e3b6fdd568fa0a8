/** Rules on External Secrets. */
import { parseGoDuration } from '../../lib/go-duration.ts'
import { found, rule } from '../finding.ts'
import { ofKind } from '../input.ts'

const GROUP = 'external-secrets.io'

const version = rule('eso-version', 'External Secrets API versions that are not served any more', (input) =>
  input.objects
    .filter(
      ({ object }) =>
        object.apiVersion === `${GROUP}/v1beta1` ||
        (object.kind === 'ExternalSecret' && object.apiVersion === `${GROUP}/v1alpha1`),
    )
    .map((linted) =>
      found(
        'error',
        linted,
        `${linted.object.apiVersion} is not served by External Secrets 2: the apply fails with "no matches for kind".`,
        `Write apiVersion: ${GROUP}/v1.`,
      ),
    ),
)

const store = rule('secret-store-missing', 'an ExternalSecret whose store nothing makes', (input) =>
  ofKind(input, 'ExternalSecret').flatMap((external) => {
    const { kind = 'SecretStore', name } = external.object.spec?.secretStoreRef ?? {}
    const there =
      name === undefined ||
      (kind === 'SecretStore' && input.given.secretStores.includes(name)) ||
      ofKind(input, kind).some(({ object }) => object.metadata.name === name)
    if (there) return []
    const why = `${kind} ${name} is neither among the objects nor made by the environment: nothing is ever synced.`
    return [
      found(
        'error',
        external,
        why,
        `Mend secretStoreRef; the environment makes ${input.given.secretStores.join(', ') || 'none'}.`,
      ),
    ]
  }),
)

const frozen = rule('refresh-frozen', 'a refreshInterval of 0', (input) =>
  ofKind(input, 'ExternalSecret').flatMap((external) => {
    const { refreshInterval, refreshPolicy = 'Periodic' } = external.object.spec ?? {}
    if (refreshInterval === undefined || refreshPolicy !== 'Periodic') return []
    if ((parseGoDuration(String(refreshInterval)) ?? 1) > 0) return []
    const why =
      'refreshInterval 0 means once: after the first success neither Vault nor a change of the spec is read.'
    return [found('warning', external, why, 'Give it an interval, or refreshPolicy OnChange.')]
  }),
)

export const SECRETS = [version, store, frozen]
