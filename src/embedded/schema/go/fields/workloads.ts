/** Fields of the groups of workloads's types in Go's order (the notation is explained in ../fields.ts). */

export const APPS_V1 = `
ControllerRevision kind apiVersion metadata! data! revision!
DaemonSet kind apiVersion metadata! spec! status!
DaemonSetCondition type! status! lastTransitionTime! reason message
DaemonSetSpec selector!? template! updateStrategy! minReadySeconds revisionHistoryLimit?
DaemonSetStatus currentNumberScheduled! numberMisscheduled! desiredNumberScheduled! numberReady! observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount? conditions
DaemonSetUpdateStrategy type rollingUpdate?
Deployment kind apiVersion metadata! spec! status!
DeploymentCondition type! status! lastUpdateTime! lastTransitionTime! reason message
DeploymentSpec replicas? selector!? template! strategy! minReadySeconds revisionHistoryLimit? paused progressDeadlineSeconds?
DeploymentStatus observedGeneration replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas terminatingReplicas? conditions collisionCount?
DeploymentStrategy type rollingUpdate?
ReplicaSet kind apiVersion metadata! spec! status!
ReplicaSetCondition type! status! lastTransitionTime! reason message
ReplicaSetSpec replicas? minReadySeconds selector!? template!
ReplicaSetStatus replicas! fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas? observedGeneration conditions
RollingUpdateDaemonSet maxUnavailable? maxSurge?
RollingUpdateDeployment maxUnavailable? maxSurge?
RollingUpdateStatefulSetStrategy partition? maxUnavailable?
StatefulSet kind apiVersion metadata! spec! status!
StatefulSetCondition type! status! lastTransitionTime! reason message
StatefulSetOrdinals start!
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted whenScaled
StatefulSetSpec replicas? selector!? template! volumeClaimTemplates serviceName! podManagementPolicy updateStrategy! revisionHistoryLimit? minReadySeconds persistentVolumeClaimRetentionPolicy? ordinals?
StatefulSetStatus observedGeneration replicas! readyReplicas currentReplicas updatedReplicas currentRevision updateRevision collisionCount? conditions availableReplicas!
StatefulSetUpdateStrategy type rollingUpdate?
`

export const AUTOSCALING_V1 = `
CrossVersionObjectReference kind! name! apiVersion
HorizontalPodAutoscaler kind apiVersion metadata! spec! status!
HorizontalPodAutoscalerSpec scaleTargetRef! minReplicas? maxReplicas! targetCPUUtilizationPercentage?
HorizontalPodAutoscalerStatus observedGeneration? lastScaleTime? currentReplicas! desiredReplicas! currentCPUUtilizationPercentage?
`

export const AUTOSCALING_V2 = `
ContainerResourceMetricSource name! target! container!
ContainerResourceMetricStatus name! current! container!
CrossVersionObjectReference kind! name! apiVersion
ExternalMetricSource metric! target!
ExternalMetricStatus metric! current!
HPAScalingPolicy type! value! periodSeconds!
HPAScalingRules stabilizationWindowSeconds? selectPolicy? policies tolerance?
HorizontalPodAutoscaler kind apiVersion metadata! spec! status!
HorizontalPodAutoscalerBehavior scaleUp? scaleDown?
HorizontalPodAutoscalerCondition type! status! lastTransitionTime! reason message
HorizontalPodAutoscalerSpec scaleTargetRef! minReplicas? maxReplicas! metrics behavior?
HorizontalPodAutoscalerStatus observedGeneration? lastScaleTime? currentReplicas desiredReplicas! currentMetrics! conditions
MetricIdentifier name! selector?
MetricSpec type! object? pods? resource? containerResource? external?
MetricStatus type! object? pods? resource? containerResource? external?
MetricTarget type! value? averageValue? averageUtilization?
MetricValueStatus value? averageValue? averageUtilization?
ObjectMetricSource describedObject! target! metric!
ObjectMetricStatus metric! current! describedObject!
PodsMetricSource metric! target!
PodsMetricStatus metric! current!
ResourceMetricSource name! target!
ResourceMetricStatus name! current!
`

export const BATCH_V1 = `
CronJob kind apiVersion metadata! spec! status!
CronJobSpec schedule! timeZone? startingDeadlineSeconds? concurrencyPolicy suspend? jobTemplate! successfulJobsHistoryLimit? failedJobsHistoryLimit?
CronJobStatus active lastScheduleTime? lastSuccessfulTime?
Job kind apiVersion metadata! spec! status!
JobCondition type! status! lastProbeTime! lastTransitionTime! reason message
JobSpec parallelism? completions? activeDeadlineSeconds? podFailurePolicy? successPolicy? backoffLimit? backoffLimitPerIndex? maxFailedIndexes? selector? manualSelector? template! ttlSecondsAfterFinished? completionMode? suspend? podReplacementPolicy? managedBy?
JobStatus conditions startTime? completionTime? active succeeded failed terminating? completedIndexes failedIndexes? uncountedTerminatedPods? ready?
JobTemplateSpec metadata! spec!
PodFailurePolicy rules!
PodFailurePolicyOnExitCodesRequirement containerName? operator! values!
PodFailurePolicyOnPodConditionsPattern type! status!
PodFailurePolicyRule action! onExitCodes? onPodConditions
SuccessPolicy rules!
SuccessPolicyRule succeededIndexes? succeededCount?
UncountedTerminatedPods succeeded failed
`

export const POLICY_V1 = `
Eviction kind apiVersion metadata! deleteOptions?
PodDisruptionBudget kind apiVersion metadata! spec! status!
PodDisruptionBudgetSpec minAvailable? selector? maxUnavailable? unhealthyPodEvictionPolicy?
PodDisruptionBudgetStatus observedGeneration disruptedPods disruptionsAllowed! currentHealthy! desiredHealthy! expectedPods! conditions
`
