/** CustomResourceDefinitions after they are stored: names and conditions, and the clean-up when they go. */
import { rfc3339 } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { isStatus } from '../errors.ts'
import type { KubeObject } from '../objects.ts'
import { equal } from '../store/json.ts'
import type { RegistryContext } from './registry/context.ts'
import { acceptedStatus, type Condition, withCondition } from './registry/crd-status.ts'
import { deleteObject } from './registry/delete.ts'
import { CLEANUP_FINALIZER, CRD_BUCKET } from './registry/strategies/crd.ts'
import { updateObject } from './registry/update.ts'

const MANAGER = 'kube-apiserver'

/** Serves the definitions that are stored already, and follows those that come, change and go. */
export function runCrdLifecycle(context: RegistryContext): Disposable {
  const { store, catalog, log } = context
  for (const definition of store.list(CRD_BUCKET)) {
    try {
      catalog.setCustomResource(definition)
    } catch (thrown) {
      log.error(`cannot serve ${definition.metadata.name}: ${messageOf(thrown)}`)
    }
  }
  return store.subscribe(undefined, ({ bucket, type, object, previous }) => {
    if (bucket === CRD_BUCKET) {
      if (type === 'DELETED') return
      if (object.metadata.deletionTimestamp) cleanUp(context, object)
      else if (!previous || !equal(previous.spec, object.spec)) establish(context, object)
    } else if (type === 'DELETED') {
      const definition = store.get(CRD_BUCKET, undefined, bucket)
      if (definition?.metadata.deletionTimestamp) cleanUp(context, definition)
    }
  })
}

function establish(context: RegistryContext, definition: KubeObject): void {
  const others = context.store
    .list(CRD_BUCKET)
    .filter(({ metadata }) => metadata.name !== definition.metadata.name)
  const now = rfc3339(context.clock.now())
  writeStatus(context, definition.metadata.name, (current) => acceptedStatus(current, others, now))
}

/** Deletes all instances; when the last one is gone the definition loses its finalizer and with it itself. */
function cleanUp(context: RegistryContext, definition: KubeObject): void {
  const { store, clock } = context
  const { name, finalizers = [] } = definition.metadata
  if (!finalizers.includes(CLEANUP_FINALIZER)) return
  const instances = store.list(name)
  const version = definition.spec.versions.find((each: any) => each.served)?.name
  const info = context.catalog.find(definition.spec.group, version ?? '', definition.spec.names.plural)
  const left = info ? instances : []
  setTerminating(context, name, left.length > 0, rfc3339(clock.now()))
  for (const { metadata } of left) {
    if (metadata.deletionTimestamp || !info) continue
    try {
      deleteObject(context, info, metadata.namespace, metadata.name, { propagationPolicy: 'Background' })
    } catch (thrown) {
      // Gone in the meantime: what its removal set off has counted it.
      if (!isStatus(thrown, 404)) throw thrown
    }
  }
  if (store.list(name).length > 0 && info) return
  const current = store.get(CRD_BUCKET, undefined, name)
  const held = current?.metadata.finalizers ?? []
  if (!current || !held.includes(CLEANUP_FINALIZER)) return
  const metadata = {
    ...current.metadata,
    finalizers: held.filter((each) => each !== CLEANUP_FINALIZER),
  }
  updateObject(context, crdInfo(context), { ...current, metadata }, { fieldManager: MANAGER })
}

function setTerminating(context: RegistryContext, name: string, busy: boolean, now: string): void {
  const condition: Condition = busy
    ? {
        type: 'Terminating',
        status: 'True',
        lastTransitionTime: now,
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      }
    : {
        type: 'Terminating',
        status: 'False',
        lastTransitionTime: now,
        reason: 'InstanceDeletionCompleted',
        message: 'removed all instances',
      }
  writeStatus(context, name, ({ status }) => ({
    ...status,
    conditions: withCondition(status?.conditions ?? [], condition),
  }))
}

function writeStatus(
  context: RegistryContext,
  name: string,
  status: (current: KubeObject) => Record<string, unknown>,
): void {
  const current = context.store.get(CRD_BUCKET, undefined, name)
  if (!current) return
  const next = { ...current, status: status(current) }
  updateObject(context, crdInfo(context), next, { subresource: 'status', fieldManager: MANAGER })
}

function crdInfo({ catalog }: RegistryContext) {
  return catalog.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!
}
