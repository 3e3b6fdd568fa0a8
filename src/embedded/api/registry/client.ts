/** The Client that controllers hold, over the registry. */
import type { Client, Scale, WatchEvent } from '../../client.ts'
import type { KubeObject } from '../../objects.ts'
import { bucketOf, groupVersion, inVersion, lookup, type RegistryContext } from './context.ts'
import { createObject } from './create.ts'
import { deleteObject } from './delete.ts'
import { patchObject } from './patch.ts'
import { getObject, listObjects } from './read.ts'
import { patchScale, readScale, writeScale } from './scale.ts'
import { updateObject } from './update.ts'
import { watchObjects } from './watch.ts'

/** The synchronous client over a registry. */
export function createClient(context: RegistryContext): Client {
  return {
    get: (resource, namespace, name) => getObject(context, lookup(context, resource), namespace, name),
    list: (resource, options = {}) => listObjects(context, lookup(context, resource), options)!,
    create: (resource, object, options = {}) => {
      return createObject(context, lookup(context, resource), object, options)
    },
    update: (resource, object, options = {}) => {
      const info = lookup(context, resource)
      return updateObject(context, info, object, options).object
    },
    patch: (resource, namespace, name, patch, options) => {
      const info = lookup(context, resource)
      if (options.subresource === 'scale') {
        return patchScale(context, info, namespace, name, patch, options)
      }
      return patchObject(context, info, namespace, name, patch, options).object
    },
    delete: (resource, namespace, name, options = {}) => {
      const { object, gone } = deleteObject(context, lookup(context, resource), namespace, name, options)
      return gone ? undefined : object
    },
    getScale: (resource, namespace, name) => {
      return summarize(readScale(context, lookup(context, resource), namespace, name))
    },
    setScale: (resource, namespace, name, replicas, options = {}) => {
      const info = lookup(context, resource)
      const scale = readScale(context, info, namespace, name)
      // The write is unconditional: the reading is only here to tell which object it is for.
      const { resourceVersion: _, ...metadata } = scale.metadata
      const next = { ...scale, metadata, spec: { replicas } } as KubeObject
      return summarize(writeScale(context, info, namespace, next, options))
    },
    resourceFor: (apiVersion, kind) => {
      const [first = '', second] = apiVersion.split('/')
      const [group, version] = second === undefined ? ['', first] : [first, second]
      const info =
        context.catalog.findKind(group, version, kind) ?? context.catalog.findKind(group, undefined, kind)
      return info && `${groupVersion(info)}/${info.plural}`
    },
    watch: (resource, handler) => {
      const info = lookup(context, resource)
      const existing = context.store.list(bucketOf(info))
      // What the handler itself writes while it is told of existing objects comes after them.
      const pending: WatchEvent[] = []
      let live = false
      const subscription = watchObjects(context, info, {}, (event) => {
        if (live) handler(event)
        else pending.push(event)
      })!
      for (const object of existing) handler({ type: 'ADDED', object: inVersion(info, object) })
      for (let next = pending.shift(); next; next = pending.shift()) handler(next)
      live = true
      return subscription
    },
  }
}

function summarize(scale: KubeObject): Scale {
  return {
    replicas: scale.spec?.replicas ?? 0,
    statusReplicas: scale.status?.replicas ?? 0,
    selector: scale.status?.selector ?? '',
    uid: scale.metadata.uid,
  }
}
