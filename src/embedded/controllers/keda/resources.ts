/** The names that KEDA's parts share: resources, finalizer, labels, the operator itself. */

export const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'
export const TRIGGER_AUTHENTICATIONS = 'keda.sh/v1alpha1/triggerauthentications'
export const CLUSTER_TRIGGER_AUTHENTICATIONS = 'keda.sh/v1alpha1/clustertriggerauthentications'
export const HPAS = 'autoscaling/v2/horizontalpodautoscalers'
export const SECRETS = 'v1/secrets'
export const CONFIG_MAPS = 'v1/configmaps'

export const KEDA_VERSION = '2.20.2'
/** Event source and field manager. */
export const KEDA_OPERATOR = 'keda-operator'
/** Where a ClusterTriggerAuthentication reads its Secrets by default. */
export const OPERATOR_NAMESPACE = 'keda'
export const FINALIZER = 'finalizer.keda.sh'
/** On every ScaledObject and its HPA; the external metrics API finds the ScaledObject by it. */
export const NAME_LABEL = 'scaledobject.keda.sh/name'
export const EXCLUDED_LABELS_ANNOTATION = 'scaledobject.keda.sh/hpa-excluded-labels'
