/** The admission webhook of ExternalSecrets, as a pure function. */
import type { DataFrom, ExternalSecret } from '../types.ts'

/** Everything that is wrong, one a line; undefined = admitted. */
export function validateExternalSecret({ spec }: Pick<ExternalSecret, 'spec'>): string | undefined {
  const { creationPolicy = 'Owner', deletionPolicy = 'Retain', template } = spec.target ?? {}
  const errors: string[] = []
  if (!spec.data?.length && !spec.dataFrom?.length) errors.push('either data or dataFrom should be specified')
  for (const entry of spec.dataFrom ?? []) errors.push(...dataFromErrors(entry))
  if (deletionPolicy === 'Delete' && ['Merge', 'None', 'CreateOrMerge'].includes(creationPolicy)) {
    errors.push(
      "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
    )
  }
  if (deletionPolicy === 'Merge' && creationPolicy === 'None') {
    errors.push(
      'deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with',
    )
  }
  if (deletionPolicy === 'Retain') errors.push(...duplicateErrors(spec))
  if (template?.type === 'bootstrap.kubernetes.io/token') {
    errors.push('invalid secret type: bootstrap.kubernetes.io/token')
  }
  if (template?.metadata?.annotations?.['kubernetes.io/service-account.name'] !== undefined) {
    if (template.type === 'kubernetes.io/service-account-token') {
      errors.push('invalid secret type: kubernetes.io/service-account-token')
    }
  }
  return errors.length ? errors.join('\n') : undefined
}

function dataFromErrors({ extract, find, sourceRef }: DataFrom): string[] {
  const given = [extract, find, sourceRef?.generatorRef].filter((part) => part !== undefined)
  if (given.length > 1) return ['extract, find, or generatorRef cannot be set at the same time']
  return extract || find || sourceRef ? [] : ['either extract, find, or sourceRef must be set to dataFrom']
}

function duplicateErrors({ data = [] }: ExternalSecret['spec']): string[] {
  const keys = data.map(({ secretKey }) => secretKey)
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  return [...new Set(twice)].map((key) => `duplicate secretKey found: ${key}`)
}
