/** A thin client of the Kubernetes REST API: any resource, any server, nothing typed in by hand. */
import { KubeError } from './errors.ts'
import { type KubeConfig, loadKubeconfig, parseKubeconfig } from './kubeconfig.ts'
import { linesOf } from './lines.ts'
import { type KubeObject, type Resource, resourcePath } from './object.ts'
import type { ServerClock } from './server-clock.ts'
import { Transport } from './transport.ts'
import { type WatchEvent, type WatchOptions, watchResource } from './watch.ts'

export interface Where {
  namespace?: string
  subresource?: string
  signal?: AbortSignal
}

export interface ListOptions extends Where {
  labelSelector?: string
  fieldSelector?: string
  /** Objects without spec, status and data. Items then lack the kind of their own. */
  metadataOnly?: boolean
}

export interface WriteOptions extends Where {
  fieldManager?: string
  dryRun?: boolean
}

export interface LogOptions {
  container?: string
  follow?: boolean
  tailLines?: number
  previous?: boolean
  timestamps?: boolean
  signal?: AbortSignal
}

export type PatchType = 'merge' | 'json' | 'strategic'

const PATCH_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
const METADATA_LISTS = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'
const PAGE = 500
const FIELD_MANAGER = 'devenv'

/** Every method throws a KubeError when the server refuses, and the network's own error when it cannot be reached. */
export class KubeClient {
  readonly transport: Transport

  constructor(config: KubeConfig) {
    this.transport = new Transport(config)
  }

  /** The server's own, as its last answer had it. */
  get clock(): ServerClock {
    return this.transport.clock
  }

  static async fromFile(path: string, context?: string): Promise<KubeClient> {
    return new KubeClient(await loadKubeconfig(path, context))
  }

  /** From a kubeconfig's text; `source` names it in messages. */
  static async fromText(text: string, source: string): Promise<KubeClient> {
    return new KubeClient(await parseKubeconfig(text, source))
  }

  async get(resource: Resource, name: string, where: Where = {}): Promise<KubeObject> {
    return this.#json('GET', resourcePath(resource, { ...where, name }), where)
  }

  /** Like get, but undefined when there is no such object or no such resource type. */
  async find(resource: Resource, name: string, where: Where = {}): Promise<KubeObject | undefined> {
    return orUndefined(this.get(resource, name, where))
  }

  /** The metadata of one object, without the half megabyte that some have below it; undefined like find. */
  async metadata(resource: Resource, name: string, where: Where = {}): Promise<KubeObject | undefined> {
    const path = resourcePath(resource, { ...where, name })
    return orUndefined(this.#json('GET', path, { ...where, accept: METADATA_ONLY }))
  }

  /** All objects, fetched page by page, and the list's resourceVersion. Items get apiVersion and kind. */
  async list(
    resource: Resource,
    options: ListOptions = {},
  ): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const items: KubeObject[] = []
    let next: string | undefined
    for (;;) {
      const path =
        resourcePath(resource, options) + query({ ...selectors(options), limit: PAGE, continue: next })
      const page = await this.#json('GET', path, {
        ...options,
        ...(options.metadataOnly ? { accept: METADATA_LISTS } : {}),
      })
      const kind = page.kind.replace(/List$/, '')
      for (const item of page.items ?? []) items.push({ apiVersion: page.apiVersion, kind, ...item })
      const meta = page.metadata as { continue?: string; resourceVersion?: string }
      next = meta.continue || undefined
      if (next === undefined) return { items, resourceVersion: meta.resourceVersion ?? '' }
    }
  }

  /** Like list, but empty when the server has no such resource type. */
  async listIfServed(resource: Resource, options: ListOptions = {}): Promise<KubeObject[]> {
    return (await orUndefined(this.list(resource, options)))?.items ?? []
  }

  async create(resource: Resource, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const at = { ...namespaceOf(object), ...options }
    const name = options.subresource === undefined ? {} : { name: object.metadata.name }
    return this.#json(
      'POST',
      resourcePath(resource, { ...at, ...name }) + writeQuery(options),
      options,
      object,
    )
  }

  async update(resource: Resource, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const at = { ...namespaceOf(object), ...options, name: object.metadata.name }
    return this.#json('PUT', resourcePath(resource, at) + writeQuery(options), options, object)
  }

  async patch(
    resource: Resource,
    name: string,
    patch: unknown,
    options: WriteOptions & { type?: PatchType } = {},
  ): Promise<KubeObject> {
    const path = resourcePath(resource, { ...options, name }) + writeQuery(options)
    return this.#json('PATCH', path, options, patch, PATCH_TYPES[options.type ?? 'merge'])
  }

  /** Server-side apply. `force` (default true) takes over fields that another manager owns. */
  async apply(
    resource: Resource,
    object: KubeObject,
    options: WriteOptions & { force?: boolean } = {},
  ): Promise<KubeObject> {
    const at = { ...namespaceOf(object), ...options, name: object.metadata.name }
    const path = resourcePath(resource, at) + writeQuery(options, { force: options.force ?? true })
    return this.#json('PATCH', path, options, object, 'application/apply-patch+yaml')
  }

  /** Deletes one object; false when it was not there. */
  async delete(
    resource: Resource,
    name: string,
    options: Where & {
      propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
      gracePeriodSeconds?: number
    } = {},
  ): Promise<boolean> {
    const { propagationPolicy, gracePeriodSeconds } = options
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, gracePeriodSeconds }
    const deleted = this.#json('DELETE', resourcePath(resource, { ...options, name }), options, body)
    return (await orUndefined(deleted)) !== undefined
  }

  /** The present objects as ADDED, then every change until the signal aborts; survives expiry and reconnects. */
  watch(resource: Resource, options: ListOptions & WatchOptions = {}): AsyncGenerator<WatchEvent> {
    return watchResource(
      this.transport,
      () => this.list(resource, options),
      (resourceVersion) =>
        resourcePath(resource, options) +
        query({ ...selectors(options), watch: true, allowWatchBookmarks: true, resourceVersion }),
      options,
    )
  }

  /** A pod's log, line by line. */
  async *logs(namespace: string, pod: string, options: LogOptions = {}): AsyncGenerator<string> {
    const { signal, ...rest } = options
    const path = resourcePath('v1/pods', { namespace, name: pod, subresource: 'log' }) + query(rest)
    const response = await this.transport.send({
      method: 'GET',
      path,
      accept: '*/*',
      ...(options.follow ? { idleTimeoutMs: 0 } : {}),
      ...(signal ? { signal } : {}),
    })
    yield* linesOf(response)
  }

  /** Any path, answered as text: `/readyz`, `/version`, aggregated APIs. */
  async raw(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<string> {
    return this.transport.text({ method, path, body, accept: '*/*', ...(signal ? { signal } : {}) })
  }

  close(): void {
    this.transport.close()
  }

  async #json(
    method: string,
    path: string,
    { signal, accept }: Where & { accept?: string },
    body?: unknown,
    contentType?: string,
  ): Promise<KubeObject> {
    const text = await this.transport.text({
      method,
      path,
      body,
      ...(contentType === undefined ? {} : { contentType }),
      ...(accept === undefined ? {} : { accept }),
      ...(signal ? { signal } : {}),
    })
    return JSON.parse(text) as KubeObject
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof KubeError && thrown.code === 404) return undefined
    throw thrown
  }
}

function namespaceOf(object: KubeObject): { namespace?: string } {
  return object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }
}

function selectors({ labelSelector, fieldSelector }: ListOptions) {
  return { labelSelector, fieldSelector }
}

function writeQuery(options: WriteOptions, more: Record<string, unknown> = {}): string {
  const dryRun = options.dryRun ? 'All' : undefined
  return query({ fieldManager: options.fieldManager ?? FIELD_MANAGER, dryRun, ...more })
}

function query(parameters: Record<string, unknown>): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '' && value !== false) search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
