/** Messages of apimachinery: field numbers of the wire format (the notation is explained in ../wire-types.ts). */

export const META = `
Condition 1type:s 2status:s 3observedGeneration:i 4lastTransitionTime:time 5reason:s 6message:s
CreateOptions 1dryRun:*s 3fieldManager:s 4fieldValidation:s
DeleteOptions 1gracePeriodSeconds:i? 2preconditions:Preconditions 3orphanDependents:b? 4propagationPolicy:s? 5dryRun:*s 6ignoreStoreReadErrorWithClusterBreakingPotential:b?
FieldSelectorRequirement 1key:s 2operator:s 3values:*s
LabelSelector 1matchLabels:#s 2matchExpressions:*LabelSelectorRequirement
LabelSelectorRequirement 1key:s 2operator:s 3values:*s
ListMeta 1selfLink:s 2resourceVersion:s 3continue:s 4remainingItemCount:i? 5shardInfo:ShardInfo
ManagedFieldsEntry 1manager:s 2operation:s 3apiVersion:s 4time:time 6fieldsType:s 7fieldsV1:fields 8subresource:s
ObjectMeta 1name:s 2generateName:s 3namespace:s 4selfLink:s 5uid:s 6resourceVersion:s 7generation:i 8creationTimestamp:time 9deletionTimestamp:time 10deletionGracePeriodSeconds:i? 11labels:#s 12annotations:#s 13ownerReferences:*OwnerReference 14finalizers:*s 17managedFields:*ManagedFieldsEntry
OwnerReference 1kind:s 3name:s 4uid:s 5apiVersion:s 6controller:b? 7blockOwnerDeletion:b?
Preconditions 1uid:s? 2resourceVersion:s?
ShardInfo 1selector:s
Status 1metadata:ListMeta 2status:s 3message:s 4reason:s 5details:StatusDetails 6code:i
StatusCause 1reason:s 2message:s 3field:s
StatusDetails 1name:s 2group:s 3kind:s 4causes:*StatusCause 5retryAfterSeconds:i 6uid:s
`
