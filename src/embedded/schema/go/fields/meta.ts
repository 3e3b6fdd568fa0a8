/** Fields of apimachinery's types in Go's order (the notation is explained in ../fields.ts). */

export const META_V1 = `
Condition type! status! observedGeneration lastTransitionTime! reason! message!
DeleteOptions kind apiVersion gracePeriodSeconds? preconditions? orphanDependents? propagationPolicy? dryRun ignoreStoreReadErrorWithClusterBreakingPotential?
LabelSelector matchLabels matchExpressions
LabelSelectorRequirement key! operator! values
ManagedFieldsEntry manager operation apiVersion time? fieldsType fieldsV1? subresource
ObjectMeta name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp? deletionGracePeriodSeconds? labels annotations ownerReferences finalizers managedFields
OwnerReference apiVersion! kind! name! uid! controller? blockOwnerDeletion?
Preconditions uid? resourceVersion?
`
