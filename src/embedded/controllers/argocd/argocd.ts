/** Argo CD's application controller as the embedded cluster runs it. */
import type { Clock } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import { type KubeObject, keyOf, parseKey } from '../../objects.ts'
import type { Catalog } from '../../schema/types.ts'
import { equal } from '../../store/json.ts'
import type { Context, Controller, Result } from '../runtime/controller.ts'
import { findCondition } from '../shared/conditions.ts'
import { CUSTOM_RESOURCES } from '../shared/resources.ts'
import { servedResources } from '../shared/served.ts'
import { keyOfTrackingName, trackingName } from './app-name.ts'
import { isAutomated } from './auto-sync.ts'
import { finalize } from './deletion.ts'
import { reportDeletionError } from './deletion-error.ts'
import { ManagedObjects } from './managed-objects.ts'
import { APPLICATIONS, DELETION_APPROVED, PROJECTS, REFRESH } from './names.ts'
import { ManifestCache } from './observe.ts'
import { advanceOperation, type OperationTools } from './operation.ts'
import { isInProgress } from './operation-state.ts'
import { type Level, refresh, wantedLevel } from './refresh.ts'
import { DEFAULT_EXCLUSIONS } from './source/exclusions.ts'
import type { ResourceExclusion } from './source/normalise.ts'
import { Repositories } from './source/repositories.ts'
import { repositoriesOf } from './sources.ts'
import type { Application } from './types.ts'

export interface ArgocdOptions {
  catalog: Catalog
  clock: Clock
  /** Checkouts and mirrors of repositories. */
  cacheDir: string
  /** Folder of the bare repository behind a URL of the environment's own git server. */
  folderOf?: (url: string) => string | undefined
  /** `1.35.0`, for charts. */
  kubeVersion: string
  /** Namespace of the Applications whose objects carry their plain names. Default `argocd`. */
  namespace?: string
  /** Between two looks at a repository that gives no notice, in ms; 0: none. Default 120 s. */
  reconciliationMs?: number
  /** Added at random to the former. Default 60 s. */
  jitterMs?: number
  /** Pause between waves, in ms. Default 2 s. */
  waveDelayMs?: number
  /** Kinds that are left out of every Application beside Argo CD's own, as `resource.exclusions` of argocd-cm. */
  exclusions?: ResourceExclusion[]
}

/** One controller for Applications; projects are read, and a change of one concerns all Applications. */
export function argocdControllers(options: ArgocdOptions): Controller[] {
  return [new ApplicationController(options)]
}

/** Between two tries of a deletion whose hook fails. */
const DELETION_RETRY_MS = 5000

/** What is known of an Application beside its object. */
interface Memory {
  level: Level
  expiryMs: number
}

class ApplicationController implements Controller {
  readonly name = 'argocd'
  readonly watches: Controller['watches'] = [
    {
      resource: APPLICATIONS,
      when: (object, previous) => {
        if (previous && isSwitchedOn(object as Application, previous as Application)) {
          this.#raise(keyOf(object), 2)
        }
        return !previous || asksForMore(object as Application, previous as Application)
      },
    },
    {
      resource: PROJECTS,
      when: (object, previous) => !previous || !equal(object.spec, previous.spec),
      keys: (project, client) =>
        client
          .list(APPLICATIONS, { namespace: project.metadata.namespace! })
          .filter(({ spec }) => (spec.project || 'default') === project.metadata.name)
          .map((app) => this.#compareAgain(app)),
    },
    {
      // A kind that comes or goes changes what can be compared, and what must be watched.
      resource: CUSTOM_RESOURCES,
      when: (object, previous) =>
        isEstablished(object) !== (previous !== undefined && isEstablished(previous)),
      keys: (_definition, client) => client.list(APPLICATIONS).map((app) => this.#compareAgain(app)),
    },
  ]
  readonly backoff = { baseMs: 1000, maxMs: 60_000 }
  readonly #options: ArgocdOptions
  readonly #namespace: string
  readonly #memory = new Map<string, Memory>()
  readonly #cache = new ManifestCache()
  readonly #pauses = new Map<string, number>()
  readonly #managed: ManagedObjects
  readonly #repositories: Repositories
  #enqueue: (key: string) => void = () => {}
  #servedRevision = -1

  constructor(options: ArgocdOptions) {
    this.#options = options
    this.#namespace = options.namespace ?? 'argocd'
    this.#managed = new ManagedObjects((appName) =>
      this.#touched(keyOfTrackingName(appName, this.#namespace), 1),
    )
    this.#repositories = new Repositories({
      folderOf: options.folderOf ?? (() => undefined),
      cacheDir: options.cacheDir,
      clock: options.clock,
      changed: (url) => this.#repositoryChanged(url),
    })
  }

  #client: Context['client'] | undefined

  start(context: Context, enqueue: (key: string, afterMs?: number) => void): void {
    this.#client = context.client
    this.#enqueue = (key) => enqueue(key)
    context.signal.addEventListener('abort', () => {
      this.#managed.stop()
      this.#repositories[Symbol.dispose]()
    })
  }

  async reconcile(key: string, context: Context): Promise<Result | undefined> {
    const { client, clock } = context
    const app = this.#find(key)
    if (!app) {
      this.#forget(key)
      return undefined
    }
    this.#watchServed(client)
    const memory = this.#remember(key)
    const running = app.operation !== undefined || isInProgress(app.status?.operationState)
    if (app.metadata.deletionTimestamp && !running) return await this.#finalize(app, context)
    const waits: (number | undefined)[] = []
    const level = wantedLevel(app, memory.level, clock.now(), memory.expiryMs)
    if (level > 0) {
      memory.level = 0
      memory.expiryMs = this.#expiry()
      const askAgainMs = await refresh(app, level, this.#tools(context))
      // Auto-sync decides after a comparison only: the next look must bring one.
      if (askAgainMs !== undefined) this.#raise(key, 1)
      waits.push(askAgainMs)
    }
    const current = this.#find(key)
    if (current?.operation) {
      const advanced = await advanceOperation(current, this.#tools(context))
      if (advanced.ended) {
        this.#raise(key, advanced.ended.automated ? 2 : 3)
        waits.push(1)
      }
      waits.push(advanced.againMs)
    }
    waits.push(this.#untilExpiry(key))
    const soonest = Math.min(...waits.filter((ms) => ms !== undefined))
    return Number.isFinite(soonest) ? { requeueAfterMs: soonest } : undefined
  }

  async #finalize(app: Application, context: Context): Promise<Result | undefined> {
    const tools = this.#tools(context)
    try {
      await finalize(app, tools)
      return undefined
    } catch (thrown) {
      reportDeletionError(app, messageOf(thrown), tools)
      return { requeueAfterMs: DELETION_RETRY_MS }
    }
  }

  #find(key: string): Application | undefined {
    const { namespace, name } = parseKey(key)
    return this.#client?.get(APPLICATIONS, namespace, name) as Application | undefined
  }

  #tools({ client, clock }: Context): OperationTools {
    const { catalog, kubeVersion, exclusions = [], waveDelayMs = 2000 } = this.#options
    return {
      client,
      catalog,
      nowMs: clock.now(),
      repositories: this.#repositories,
      managed: this.#managed,
      facts: () => ({ kubeVersion, apiVersions: apiVersionsOf(catalog) }),
      exclusions: [...DEFAULT_EXCLUSIONS, ...exclusions],
      controllerNamespace: this.#namespace,
      cache: this.#cache,
      waveDelayMs,
      pauses: this.#pauses,
    }
  }

  /** The watches on all kinds are there only while there is an Application. */
  #watchServed(client: Context['client']): void {
    const { catalog } = this.#options
    if (this.#servedRevision === catalog.revision) return
    this.#servedRevision = catalog.revision
    this.#managed.refresh(client, servedResources(catalog))
  }

  #remember(key: string): Memory {
    const known = this.#memory.get(key)
    if (known) return known
    // After a restart nothing is known of what happened meanwhile.
    const memory: Memory = { level: 2, expiryMs: this.#expiry() }
    this.#memory.set(key, memory)
    return memory
  }

  #forget(key: string): void {
    this.#memory.delete(key)
    const { namespace, name } = parseKey(key)
    const appName = trackingName({ metadata: { namespace, name } } as Application, this.#namespace)
    this.#cache.drop(appName)
    this.#managed.expect(appName, [])
    this.#managed.expectOrphans(appName, undefined)
    const left = this.#client?.list(APPLICATIONS) ?? []
    this.#repositories.keepOnly(new Set(left.flatMap(({ spec }) => repositoriesOf(spec))))
    if (left.length > 0) return
    this.#managed.stop()
    this.#servedRevision = -1
  }

  #compareAgain(app: KubeObject): string {
    const key = keyOf(app)
    this.#raise(key, 1)
    return key
  }

  #raise(key: string, level: Level): void {
    const memory = this.#remember(key)
    if (level > memory.level) memory.level = level
  }

  #touched(key: string, level: Level): void {
    if (!this.#memory.has(key)) return
    this.#raise(key, level)
    this.#enqueue(key)
  }

  #repositoryChanged(url: string): void {
    for (const app of this.#client?.list(APPLICATIONS) ?? []) {
      if (repositoriesOf(app.spec).includes(url)) this.#touched(keyOf(app), 2)
    }
  }

  #expiry(): number {
    const { reconciliationMs = 120_000, jitterMs = 60_000 } = this.#options
    return reconciliationMs === 0 ? 0 : reconciliationMs + Math.floor(Math.random() * jitterMs)
  }

  #untilExpiry(key: string): number | undefined {
    const reconciledAt = this.#find(key)?.status?.reconciledAt
    const { expiryMs } = this.#remember(key)
    if (expiryMs === 0 || !reconciledAt) return undefined
    const left = Date.parse(reconciledAt) + expiryMs - this.#options.clock.now()
    // A look that changed nothing of it (the spec is invalid) is not worth another at once.
    return left > 0 ? left : expiryMs
  }
}

/** Automation that begins now looks at once; that prunes from now on does not. */
function isSwitchedOn(app: Application, before: Application): boolean {
  const heals = ({ spec }: Application) => spec.syncPolicy?.automated?.selfHeal === true
  return (isAutomated(app) && !isAutomated(before)) || (heals(app) && !heals(before))
}

/** Our own status writes need no second look. */
function asksForMore(app: Application, before: Application): boolean {
  return (
    !equal(app.spec, before.spec) ||
    !equal(app.operation, before.operation) ||
    app.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    !equal(app.metadata.finalizers, before.metadata.finalizers) ||
    [REFRESH, DELETION_APPROVED].some(
      (name) => app.metadata.annotations?.[name] !== before.metadata.annotations?.[name],
    ) ||
    app.status?.operationState?.phase !== before.status?.operationState?.phase
  )
}

function isEstablished({ status }: KubeObject): boolean {
  return findCondition(status?.conditions, 'Established')?.status === 'True'
}

/** What charts ask `.Capabilities.APIVersions` for. */
function apiVersionsOf(catalog: Catalog): string[] {
  const versions = catalog.resources().flatMap(({ group, version, kind }) => {
    const groupVersion = group ? `${group}/${version}` : version
    return [groupVersion, `${groupVersion}/${kind}`]
  })
  return [...new Set(versions)]
}
