/** External Secrets' admission webhooks. */
import type { ValidatingWebhook } from '../../../admission.ts'
import type { ExternalSecret } from '../types.ts'
import { validateExternalSecret } from './validate-external-secret.ts'

export function externalSecretsWebhooks(): ValidatingWebhook[] {
  return [
    {
      name: 'validate.externalsecret.external-secrets.io',
      resource: 'externalsecrets.external-secrets.io',
      validate({ object }) {
        const error = validateExternalSecret(object as ExternalSecret)
        return { ...(error === undefined ? {} : { error }), warnings: [] }
      },
    },
  ]
}
