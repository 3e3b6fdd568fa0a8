/** What the Argo CD cases share: manifests, an Application in the cluster, and waiting for it. */
import type { KubeObject } from '../../src/lib/kube/object.ts'
import { type ContractContext, eventually } from './case.ts'

export const APPLICATIONS = 'argoproj.io/v1alpha1/applications'
const PROJECTS = 'argoproj.io/v1alpha1/appprojects'
export const CONFIG_MAPS = 'v1/configmaps'
export const ARGOCD = 'argocd'
export const AUTOMATED = { automated: { prune: true, selfHeal: true } }

export const configMap = (name: string, value: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, annotations },
  data: { value },
})

/** A Job that ends well at once. */
export const hookJob = ({ webImage }: ContractContext, name: string, hook: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, annotations: { 'argocd.argoproj.io/hook': hook } },
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: webImage, env: [{ name: 'CRASH', value: '0' }] }],
      },
    },
  },
})

/** One Application over the case's repository, in the case's namespace. */
export class TestApplication {
  readonly #context: ContractContext
  readonly name: string

  constructor(context: ContractContext) {
    this.#context = context
    this.name = context.namespace
  }

  async create(spec: object = { syncPolicy: AUTOMATED }): Promise<void> {
    const { kube, namespace, repository } = this.#context
    for (const object of [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGOCD } },
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'default', namespace: ARGOCD },
        spec: {
          sourceRepos: ['*'],
          destinations: [{ server: '*', namespace: '*' }],
          clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        },
      },
    ]) {
      await kube.apply(object.kind === 'Namespace' ? 'v1/namespaces' : PROJECTS, object, {
        fieldManager: 'contract',
      })
    }
    await kube.create(APPLICATIONS, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: this.name,
        namespace: ARGOCD,
        finalizers: ['resources-finalizer.argocd.argoproj.io/background'],
      },
      spec: {
        project: 'default',
        source: { repoURL: repository.url, path: 'app', targetRevision: 'main' },
        destination: { server: 'https://kubernetes.default.svc', namespace },
        ...spec,
      },
    })
  }

  patch(patch: object): Promise<KubeObject> {
    return this.#context.kube.patch(APPLICATIONS, this.name, patch, { namespace: ARGOCD })
  }

  /** Looks at git and at the cluster again, as the button in its UI does. */
  refresh(kind: 'normal' | 'hard' = 'normal'): Promise<KubeObject> {
    return this.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': kind } } })
  }

  /** What `argocd app sync` writes. Results of an earlier operation would be taken for this one's. */
  sync(more: object = {}): Promise<KubeObject> {
    return this.patch({
      status: { operationState: null },
      operation: { initiatedBy: { username: 'admin' }, sync: { syncStrategy: { hook: {} }, ...more } },
    })
  }

  until(check: (status: any, app: KubeObject) => unknown, what: string): Promise<KubeObject> {
    return eventually(this.#context.kube, APPLICATIONS, this.name, ARGOCD, (app) => {
      if (app && check(app.status ?? {}, app)) return undefined
      const { sync, health, operationState, conditions } = app?.status ?? {}
      return `${what}: ${JSON.stringify({ sync: sync?.status, revision: sync?.revision, health, operationState, conditions })}`
    })
  }

  synced(revision: string): Promise<KubeObject> {
    return this.until(
      ({ sync, operationState }, app) =>
        sync?.status === 'Synced' &&
        sync.revision === revision &&
        !app.operation &&
        operationState?.phase === 'Succeeded',
      `synced at ${revision}`,
    )
  }

  /** An operation that has come to its end; the history gets its entry while it still runs. */
  ended(entries: number): Promise<KubeObject> {
    return this.until(
      ({ history, operationState }, app) =>
        history?.length === entries && !app.operation && operationState?.phase === 'Succeeded',
      `ended with ${entries} entries`,
    )
  }

  /** With everything that it made. */
  async remove(): Promise<void> {
    await this.#context.kube.delete(APPLICATIONS, this.name, { namespace: ARGOCD })
    await eventually(this.#context.kube, APPLICATIONS, this.name, ARGOCD, (app) => app && 'is still there')
  }
}

/** What a ConfigMap of configMap() holds now. */
export async function dataOf(
  { kube, namespace }: ContractContext,
  name: string,
): Promise<string | undefined> {
  return (await kube.find(CONFIG_MAPS, name, { namespace }))?.data?.value
}
