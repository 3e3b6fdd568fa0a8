/** Brings the target Secret to what a sync gathered, by the creation and deletion policies. */
import { isDeepStrictEqual } from 'node:util'
import { controllerOf, type KubeObject, type Manifest } from '../../../objects.ts'
import type { Context } from '../../runtime/controller.ts'
import { CREATED_BY_LABEL, MANAGED_LABEL, SECRETS } from '../resources.ts'
import type { ExternalSecret, SecretData } from '../types.ts'
import { applyTemplate } from './apply-template.ts'
import { buildSecret, createdBy, fieldManagerOf, TargetRefused, targetName } from './build-secret.ts'
import type { TemplateEngine } from './template.ts'

export type Outcome =
  | { done: 'SecretSynced' | 'SecretDeleted' | 'SecretMissing'; message: string }
  /** The target was only marked as ours: come back for the rest. */
  | { done: 'marked' }

export interface WriteTools {
  context: Context
  render: TemplateEngine
  event: (type: 'Normal' | 'Warning', reason: string, message: string) => void
}

const SYNCED: Outcome = { done: 'SecretSynced', message: 'secret synced' }

export function writeSecret(
  externalSecret: ExternalSecret,
  existing: KubeObject | undefined,
  data: SecretData,
  tools: WriteTools,
): Outcome {
  const { creationPolicy = 'Owner', deletionPolicy = 'Retain', immutable } = externalSecret.spec.target ?? {}
  if (Object.keys(data).length === 0 && deletionPolicy !== 'Merge') {
    return withoutData(externalSecret, existing, tools)
  }
  if (creationPolicy === 'None') return SYNCED
  if (!existing && creationPolicy === 'Merge') {
    return { done: 'SecretMissing', message: 'secret will not be created due to CreationPolicy=Merge' }
  }
  if (!existing) return create(externalSecret, data, tools)
  if (immutable && existing.immutable) return SYNCED
  if (existing.metadata.labels?.[MANAGED_LABEL] !== 'true') return mark(externalSecret, existing, tools)
  return update(externalSecret, existing, data, tools)
}

function withoutData(
  externalSecret: ExternalSecret,
  existing: KubeObject | undefined,
  tools: WriteTools,
): Outcome {
  const { creationPolicy = 'Owner', deletionPolicy } = externalSecret.spec.target ?? {}
  if (deletionPolicy !== 'Delete') {
    return { done: 'SecretSynced', message: 'secret retained due to DeletionPolicy=Retain' }
  }
  if (creationPolicy !== 'Owner') throw new TargetRefused('could not delete secret')
  const message = 'secret deleted due to DeletionPolicy=Delete'
  if (existing && controllerOf(existing)?.uid === externalSecret.metadata.uid) {
    tools.context.client.delete(SECRETS, existing.metadata.namespace, existing.metadata.name)
    tools.event('Normal', 'Deleted', message)
  }
  return { done: 'SecretDeleted', message }
}

function wanted(
  externalSecret: ExternalSecret,
  existing: KubeObject | undefined,
  data: SecretData,
  { context: { client }, render }: WriteTools,
): Manifest {
  const { template } = externalSecret.spec.target ?? {}
  const namespace = externalSecret.metadata.namespace!
  const rendered = template ? applyTemplate(template, data, { client, namespace, render }) : undefined
  return buildSecret(externalSecret, existing, data, rendered)
}

function create(externalSecret: ExternalSecret, data: SecretData, tools: WriteTools): Outcome {
  const secret = wanted(externalSecret, undefined, data, tools)
  tools.context.client.create(SECRETS, secret, { fieldManager: fieldManagerOf(externalSecret) })
  tools.event('Normal', 'Created', 'secret created')
  return SYNCED
}

/** A Secret that was there before is first marked, so that its events reach us, and taken over in the next pass. */
function mark(externalSecret: ExternalSecret, { metadata }: KubeObject, { context }: WriteTools): Outcome {
  const patch = { metadata: { labels: { [MANAGED_LABEL]: 'true' } } }
  context.client.patch(SECRETS, metadata.namespace, metadata.name, patch, {
    type: 'merge',
    fieldManager: fieldManagerOf(externalSecret),
  })
  return { done: 'marked' }
}

function update(
  externalSecret: ExternalSecret,
  existing: KubeObject,
  data: SecretData,
  tools: WriteTools,
): Outcome {
  const next = wanted(externalSecret, existing, data, tools)
  const locked = existing.immutable && !isDeepStrictEqual(next.data, existing.data ?? {})
  // Metadata may still change on an immutable Secret.
  const secret = { ...existing, ...next, ...(locked ? { data: existing.data } : {}) } as KubeObject
  const { managedFields: _managed, ...metadata } = existing.metadata
  if (!isDeepStrictEqual({ ...secret }, { ...existing, metadata })) {
    tools.context.client.update(SECRETS, secret, { fieldManager: fieldManagerOf(externalSecret) })
    tools.event('Normal', 'Updated', 'secret updated')
  }
  if (locked) throw new TargetRefused('could not update secret, target is immutable')
  return SYNCED
}

/** Secrets that this ExternalSecret made under another target name. */
export function deleteOrphans(
  externalSecret: ExternalSecret,
  { context: { client }, event }: WriteTools,
): void {
  const labelSelector = `${CREATED_BY_LABEL}=${createdBy(externalSecret)}`
  const { namespace } = externalSecret.metadata
  for (const { metadata } of client.list(SECRETS, { namespace: namespace!, labelSelector })) {
    if (metadata.name === targetName(externalSecret)) continue
    client.delete(SECRETS, namespace, metadata.name)
    event('Normal', 'Deleted', 'secret deleted because it was orphaned')
  }
}
