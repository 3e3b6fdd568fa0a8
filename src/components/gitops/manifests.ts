/** What Argo CD is told: its namespace, the projects, and the Application that syncs the stack. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import type { Manifest } from '../chart/apply.ts'

export interface GitOps {
  /** Name of the environment that the objects belong to. */
  environment: string
  /** Argo CD's own namespace. */
  argocd: string
  project: string
  /** Name of the Application, which is the Helm release. */
  application: string
  namespace: string
  source: { repoURL: string; path: string; targetRevision: string }
  values: Record<string, unknown>
  syncOptions: string[]
  ignoreDifferences: object[]
}

/** The cluster that Argo CD itself runs in. */
const IN_CLUSTER = 'https://kubernetes.default.svc'

/** In the order in which they are needed. Argo CD core makes no `default` project, so that comes along. */
export function gitopsManifests(given: GitOps): Manifest[] {
  const { argocd, project, application, namespace, source, values } = given
  const made = (object: KubeObject): Manifest => ({
    source: 'devenv',
    object: owned(object, given.environment),
  })
  return [
    made({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: argocd } }),
    made(appProject('default', argocd, [{ server: '*', namespace: '*' }], [{ group: '*', kind: '*' }])),
    made(
      appProject(project, argocd, [{ server: IN_CLUSTER, namespace }], [{ group: '', kind: 'Namespace' }]),
    ),
    made({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: application, namespace: argocd },
      spec: {
        project,
        source: { ...source, helm: { valuesObject: values } },
        destination: { server: IN_CLUSTER, namespace },
        syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: given.syncOptions },
        ignoreDifferences: given.ignoreDifferences,
      },
    }),
  ]
}

function appProject(
  name: string,
  namespace: string,
  destinations: object[],
  clusterResourceWhitelist: object[],
): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace },
    spec: { sourceRepos: ['*'], destinations, clusterResourceWhitelist },
  }
}
