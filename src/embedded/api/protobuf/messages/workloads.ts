/** Messages of apps, batch, autoscaling and policy: field numbers of the wire format (the notation is explained in ../wire-types.ts). */

export const APPS = `
ControllerRevision 1metadata:meta.ObjectMeta 2data:raw 3revision:i
DaemonSet 1metadata:meta.ObjectMeta 2spec:DaemonSetSpec 3status:DaemonSetStatus
DaemonSetCondition 1type:s 2status:s 3lastTransitionTime:time 4reason:s 5message:s
DaemonSetSpec 1selector:meta.LabelSelector 2template:core.PodTemplateSpec 3updateStrategy:DaemonSetUpdateStrategy 4minReadySeconds:i 6revisionHistoryLimit:i?
DaemonSetStatus 1currentNumberScheduled:i 2numberMisscheduled:i 3desiredNumberScheduled:i 4numberReady:i 5observedGeneration:i 6updatedNumberScheduled:i 7numberAvailable:i 8numberUnavailable:i 9collisionCount:i? 10conditions:*DaemonSetCondition
DaemonSetUpdateStrategy 1type:s 2rollingUpdate:RollingUpdateDaemonSet
Deployment 1metadata:meta.ObjectMeta 2spec:DeploymentSpec 3status:DeploymentStatus
DeploymentCondition 1type:s 2status:s 4reason:s 5message:s 6lastUpdateTime:time 7lastTransitionTime:time
DeploymentSpec 1replicas:i? 2selector:meta.LabelSelector 3template:core.PodTemplateSpec 4strategy:DeploymentStrategy 5minReadySeconds:i 6revisionHistoryLimit:i? 7paused:b 9progressDeadlineSeconds:i?
DeploymentStatus 1observedGeneration:i 2replicas:i 3updatedReplicas:i 4availableReplicas:i 5unavailableReplicas:i 6conditions:*DeploymentCondition 7readyReplicas:i 8collisionCount:i? 9terminatingReplicas:i?
DeploymentStrategy 1type:s 2rollingUpdate:RollingUpdateDeployment
ReplicaSet 1metadata:meta.ObjectMeta 2spec:ReplicaSetSpec 3status:ReplicaSetStatus
ReplicaSetCondition 1type:s 2status:s 3lastTransitionTime:time 4reason:s 5message:s
ReplicaSetSpec 1replicas:i? 2selector:meta.LabelSelector 3template:core.PodTemplateSpec 4minReadySeconds:i
ReplicaSetStatus 1replicas:i 2fullyLabeledReplicas:i 3observedGeneration:i 4readyReplicas:i 5availableReplicas:i 6conditions:*ReplicaSetCondition 7terminatingReplicas:i?
RollingUpdateDaemonSet 1maxUnavailable:intstr 2maxSurge:intstr
RollingUpdateDeployment 1maxUnavailable:intstr 2maxSurge:intstr
RollingUpdateStatefulSetStrategy 1partition:i? 2maxUnavailable:intstr
StatefulSet 1metadata:meta.ObjectMeta 2spec:StatefulSetSpec 3status:StatefulSetStatus
StatefulSetCondition 1type:s 2status:s 3lastTransitionTime:time 4reason:s 5message:s
StatefulSetOrdinals 1start:i
StatefulSetPersistentVolumeClaimRetentionPolicy 1whenDeleted:s 2whenScaled:s
StatefulSetSpec 1replicas:i? 2selector:meta.LabelSelector 3template:core.PodTemplateSpec 4volumeClaimTemplates:*core.PersistentVolumeClaim 5serviceName:s 6podManagementPolicy:s 7updateStrategy:StatefulSetUpdateStrategy 8revisionHistoryLimit:i? 9minReadySeconds:i 10persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy 11ordinals:StatefulSetOrdinals
StatefulSetStatus 1observedGeneration:i 2replicas:i 3readyReplicas:i 4currentReplicas:i 5updatedReplicas:i 6currentRevision:s 7updateRevision:s 9collisionCount:i? 10conditions:*StatefulSetCondition 11availableReplicas:i
StatefulSetUpdateStrategy 1type:s 2rollingUpdate:RollingUpdateStatefulSetStrategy
`

export const BATCH = `
CronJob 1metadata:meta.ObjectMeta 2spec:CronJobSpec 3status:CronJobStatus
CronJobSpec 1schedule:s 2startingDeadlineSeconds:i? 3concurrencyPolicy:s 4suspend:b? 5jobTemplate:JobTemplateSpec 6successfulJobsHistoryLimit:i? 7failedJobsHistoryLimit:i? 8timeZone:s?
CronJobStatus 1active:*core.ObjectReference 4lastScheduleTime:time 5lastSuccessfulTime:time
Job 1metadata:meta.ObjectMeta 2spec:JobSpec 3status:JobStatus
JobCondition 1type:s 2status:s 3lastProbeTime:time 4lastTransitionTime:time 5reason:s 6message:s
JobSchedulingConfiguration
JobSpec 1parallelism:i? 2completions:i? 3activeDeadlineSeconds:i? 4selector:meta.LabelSelector 5manualSelector:b? 6template:core.PodTemplateSpec 7backoffLimit:i? 8ttlSecondsAfterFinished:i? 9completionMode:s? 10suspend:b? 11podFailurePolicy:PodFailurePolicy 12backoffLimitPerIndex:i? 13maxFailedIndexes:i? 14podReplacementPolicy:s? 15managedBy:s? 16successPolicy:SuccessPolicy 17scheduling:JobSchedulingConfiguration
JobStatus 1conditions:*JobCondition 2startTime:time 3completionTime:time 4active:i 5succeeded:i 6failed:i 7completedIndexes:s 8uncountedTerminatedPods:UncountedTerminatedPods 9ready:i? 10failedIndexes:s? 11terminating:i?
JobTemplateSpec 1metadata:meta.ObjectMeta 2spec:JobSpec
PodFailurePolicy 1rules:*PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement 1containerName:s? 2operator:s 3values:*i
PodFailurePolicyOnPodConditionsPattern 1type:s 2status:s
PodFailurePolicyRule 1action:s 2onExitCodes:PodFailurePolicyOnExitCodesRequirement 3onPodConditions:*PodFailurePolicyOnPodConditionsPattern
SuccessPolicy 1rules:*SuccessPolicyRule
SuccessPolicyRule 1succeededIndexes:s? 2succeededCount:i?
UncountedTerminatedPods 1succeeded:*s 2failed:*s
`

export const AUTOSCALINGV1 = `
CrossVersionObjectReference 1kind:s 2name:s 3apiVersion:s
HorizontalPodAutoscaler 1metadata:meta.ObjectMeta 2spec:HorizontalPodAutoscalerSpec 3status:HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerSpec 1scaleTargetRef:CrossVersionObjectReference 2minReplicas:i? 3maxReplicas:i 4targetCPUUtilizationPercentage:i?
HorizontalPodAutoscalerStatus 1observedGeneration:i? 2lastScaleTime:time 3currentReplicas:i 4desiredReplicas:i 5currentCPUUtilizationPercentage:i?
Scale 1metadata:meta.ObjectMeta 2spec:ScaleSpec 3status:ScaleStatus
ScaleSpec 1replicas:i
ScaleStatus 1replicas:i 2selector:s
`

export const AUTOSCALING = `
ContainerResourceMetricSource 1name:s 2target:MetricTarget 3container:s
ContainerResourceMetricStatus 1name:s 2current:MetricValueStatus 3container:s
CrossVersionObjectReference 1kind:s 2name:s 3apiVersion:s
ExternalMetricSource 1metric:MetricIdentifier 2target:MetricTarget
ExternalMetricStatus 1metric:MetricIdentifier 2current:MetricValueStatus
HPAScalingPolicy 1type:s 2value:i 3periodSeconds:i
HPAScalingRules 1selectPolicy:s? 2policies:*HPAScalingPolicy 3stabilizationWindowSeconds:i? 4tolerance:quantity
HorizontalPodAutoscaler 1metadata:meta.ObjectMeta 2spec:HorizontalPodAutoscalerSpec 3status:HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior 1scaleUp:HPAScalingRules 2scaleDown:HPAScalingRules
HorizontalPodAutoscalerCondition 1type:s 2status:s 3lastTransitionTime:time 4reason:s 5message:s 6observedGeneration:i?
HorizontalPodAutoscalerSpec 1scaleTargetRef:CrossVersionObjectReference 2minReplicas:i? 3maxReplicas:i 4metrics:*MetricSpec 5behavior:HorizontalPodAutoscalerBehavior
HorizontalPodAutoscalerStatus 1observedGeneration:i? 2lastScaleTime:time 3currentReplicas:i 4desiredReplicas:i 5currentMetrics:*MetricStatus 6conditions:*HorizontalPodAutoscalerCondition
MetricIdentifier 1name:s 2selector:meta.LabelSelector
MetricSpec 1type:s 2object:ObjectMetricSource 3pods:PodsMetricSource 4resource:ResourceMetricSource 5external:ExternalMetricSource 7containerResource:ContainerResourceMetricSource
MetricStatus 1type:s 2object:ObjectMetricStatus 3pods:PodsMetricStatus 4resource:ResourceMetricStatus 5external:ExternalMetricStatus 7containerResource:ContainerResourceMetricStatus
MetricTarget 1type:s 2value:quantity 3averageValue:quantity 4averageUtilization:i?
MetricValueStatus 1value:quantity 2averageValue:quantity 3averageUtilization:i?
ObjectMetricSource 1describedObject:CrossVersionObjectReference 2target:MetricTarget 3metric:MetricIdentifier
ObjectMetricStatus 1metric:MetricIdentifier 2current:MetricValueStatus 3describedObject:CrossVersionObjectReference
PodsMetricSource 1metric:MetricIdentifier 2target:MetricTarget
PodsMetricStatus 1metric:MetricIdentifier 2current:MetricValueStatus
ResourceMetricSource 1name:s 2target:MetricTarget
ResourceMetricStatus 1name:s 2current:MetricValueStatus
`

export const POLICY = `
Eviction 1metadata:meta.ObjectMeta 2deleteOptions:meta.DeleteOptions
PodDisruptionBudget 1metadata:meta.ObjectMeta 2spec:PodDisruptionBudgetSpec 3status:PodDisruptionBudgetStatus
PodDisruptionBudgetSpec 1minAvailable:intstr 2selector:meta.LabelSelector 3maxUnavailable:intstr 4unhealthyPodEvictionPolicy:s?
PodDisruptionBudgetStatus 1observedGeneration:i 2disruptedPods:#time 3disruptionsAllowed:i 4currentHealthy:i 5desiredHealthy:i 6expectedPods:i 7conditions:*meta.Condition
`
