/** Names that Argo Rollouts and its clients agree on: resource types, labels and annotations. */
import type { Resource } from '../../objects.ts'

export const ROLLOUTS: Resource = 'argoproj.io/v1alpha1/rollouts'
export const ANALYSIS_RUNS: Resource = 'argoproj.io/v1alpha1/analysisruns'
export const EXPERIMENTS: Resource = 'argoproj.io/v1alpha1/experiments'
export const ANALYSIS_TEMPLATES: Resource = 'argoproj.io/v1alpha1/analysistemplates'
export const CLUSTER_ANALYSIS_TEMPLATES: Resource = 'argoproj.io/v1alpha1/clusteranalysistemplates'

/** source.component of events, and the field manager of writes. */
export const COMPONENT = 'rollouts-controller'

/** On ReplicaSets, their pods and selectors, and in the selectors of managed Services. */
export const HASH_LABEL = 'rollouts-pod-template-hash'
export const REVISION = 'rollout.argoproj.io/revision'
export const REVISION_HISTORY = 'rollout.argoproj.io/revision-history'
/** spec.replicas of the Rollout when the ReplicaSet was last scaled. */
export const DESIRED_REPLICAS = 'rollout.argoproj.io/desired-replicas'
/** Generation of the workload that spec.workloadRef names. */
export const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation'
/** JSON of the metadata injected into a ReplicaSet's template. */
export const EPHEMERAL_METADATA = 'rollout.argoproj.io/ephemeral-metadata'
/** RFC 3339 time at which a ReplicaSet is scaled to 0. Upstream has no prefix either. */
export const SCALE_DOWN_DEADLINE = 'scale-down-deadline'
/** On Services: the Rollout that switches them. */
export const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts'
/** Objects with it belong to a controller with that id; this controller has none. */
export const INSTANCE_ID = 'argo-rollouts.argoproj.io/controller-instance-id'
