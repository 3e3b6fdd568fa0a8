/** The kinds that the in-memory client knows, by resource type. */
import type { Resource } from '../../objects.ts'

const KINDS: Record<string, Resource> = {
  'v1/Pod': 'v1/pods',
  'v1/Node': 'v1/nodes',
  'v1/Service': 'v1/services',
  'v1/Endpoints': 'v1/endpoints',
  'v1/Namespace': 'v1/namespaces',
  'v1/ServiceAccount': 'v1/serviceaccounts',
  'v1/ConfigMap': 'v1/configmaps',
  'v1/Secret': 'v1/secrets',
  'v1/Event': 'v1/events',
  'v1/PodTemplate': 'v1/podtemplates',
  'v1/PersistentVolumeClaim': 'v1/persistentvolumeclaims',
  'discovery.k8s.io/EndpointSlice': 'discovery.k8s.io/v1/endpointslices',
  'networking.k8s.io/Ingress': 'networking.k8s.io/v1/ingresses',
  'apps/Deployment': 'apps/v1/deployments',
  'apps/ReplicaSet': 'apps/v1/replicasets',
  'apps/StatefulSet': 'apps/v1/statefulsets',
  'apps/ControllerRevision': 'apps/v1/controllerrevisions',
  'batch/Job': 'batch/v1/jobs',
  'autoscaling/HorizontalPodAutoscaler': 'autoscaling/v2/horizontalpodautoscalers',
  'policy/PodDisruptionBudget': 'policy/v1/poddisruptionbudgets',
  'apiextensions.k8s.io/CustomResourceDefinition': 'apiextensions.k8s.io/v1/customresourcedefinitions',
  'argoproj.io/Rollout': 'argoproj.io/v1alpha1/rollouts',
  'argoproj.io/Experiment': 'argoproj.io/v1alpha1/experiments',
  'argoproj.io/AnalysisRun': 'argoproj.io/v1alpha1/analysisruns',
  'argoproj.io/AnalysisTemplate': 'argoproj.io/v1alpha1/analysistemplates',
  'argoproj.io/ClusterAnalysisTemplate': 'argoproj.io/v1alpha1/clusteranalysistemplates',
  'keda.sh/ScaledObject': 'keda.sh/v1alpha1/scaledobjects',
  'keda.sh/TriggerAuthentication': 'keda.sh/v1alpha1/triggerauthentications',
  'keda.sh/ClusterTriggerAuthentication': 'keda.sh/v1alpha1/clustertriggerauthentications',
  'external-secrets.io/ExternalSecret': 'external-secrets.io/v1/externalsecrets',
  'external-secrets.io/SecretStore': 'external-secrets.io/v1/secretstores',
  'external-secrets.io/ClusterSecretStore': 'external-secrets.io/v1/clustersecretstores',
}

/** The resource type that serves a kind; the version of `apiVersion` is only a hint, as in the RESTMapper. */
export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  const slash = apiVersion.indexOf('/')
  return KINDS[`${slash < 0 ? 'v1' : apiVersion.slice(0, slash)}/${kind}`]
}

/** `{apiVersion, kind}` of a resource type. */
export function kindOfResource(resource: Resource): { apiVersion: string; kind: string } {
  const found = Object.entries(KINDS).find(([, served]) => served === resource)
  if (!found) throw new Error(`the in-memory client does not know ${resource}`)
  return {
    apiVersion: resource.slice(0, resource.lastIndexOf('/')),
    kind: found[0].slice(found[0].indexOf('/') + 1),
  }
}

export const ALL_RESOURCES: Resource[] = Object.values(KINDS)

/** Types without a status subresource: their status is written with the rest. */
export const STATUS_IN_MAIN: ReadonlySet<Resource> = new Set([
  'argoproj.io/v1alpha1/analysisruns',
  'argoproj.io/v1alpha1/experiments',
])
