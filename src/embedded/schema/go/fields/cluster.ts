/** Fields of the groups of networks, access, storage and admission's types in Go's order (the notation is explained in ../fields.ts). */

export const ADMISSIONREGISTRATION_V1 = `
AuditAnnotation key! valueExpression!
ExpressionWarning fieldRef! warning!
MatchCondition name! expression!
MatchResources namespaceSelector? objectSelector? resourceRules excludeResourceRules matchPolicy?
MutatingWebhook name! clientConfig! rules failurePolicy? matchPolicy? namespaceSelector? objectSelector? sideEffects!? timeoutSeconds? admissionReviewVersions! reinvocationPolicy? matchConditions
MutatingWebhookConfiguration kind apiVersion metadata! webhooks
NamedRuleWithOperations resourceNames operations apiGroups apiVersions resources scope?
ParamKind apiVersion kind
ParamRef name namespace selector? parameterNotFoundAction?
RuleWithOperations operations apiGroups apiVersions resources scope?
ServiceReference namespace! name! path? port?
TypeChecking expressionWarnings
ValidatingAdmissionPolicy kind apiVersion metadata! spec! status!
ValidatingAdmissionPolicyBinding kind apiVersion metadata! spec!
ValidatingAdmissionPolicyBindingSpec policyName paramRef? matchResources? validationActions
ValidatingAdmissionPolicySpec paramKind? matchConstraints? validations failurePolicy? auditAnnotations matchConditions variables
ValidatingAdmissionPolicyStatus observedGeneration typeChecking? conditions
ValidatingWebhook name! clientConfig! rules failurePolicy? matchPolicy? namespaceSelector? objectSelector? sideEffects!? timeoutSeconds? admissionReviewVersions! matchConditions
ValidatingWebhookConfiguration kind apiVersion metadata! webhooks
Validation expression! message reason? messageExpression
Variable name! expression!
WebhookClientConfig url? service? caBundle
`

export const COORDINATION_V1 = `
Lease kind apiVersion metadata! spec!
LeaseSpec holderIdentity? leaseDurationSeconds? acquireTime? renewTime? leaseTransitions? strategy? preferredHolder?
`

export const DISCOVERY_V1 = `
Endpoint addresses! conditions! hostname? targetRef? deprecatedTopology nodeName? zone? hints?
EndpointConditions ready? serving? terminating?
EndpointHints forZones forNodes
EndpointPort name? protocol? port? appProtocol?
EndpointSlice kind apiVersion metadata! addressType! endpoints! ports!
ForNode name!
ForZone name!
`

export const NETWORKING_V1 = `
HTTPIngressPath path pathType!? backend!
HTTPIngressRuleValue paths!
IPAddress kind apiVersion metadata! spec!
IPAddressSpec parentRef?
IPBlock cidr! except
Ingress kind apiVersion metadata! spec! status!
IngressBackend service? resource?
IngressClass kind apiVersion metadata! spec!
IngressClassParametersReference apiGroup? kind! name! scope!? namespace?
IngressClassSpec controller parameters?
IngressLoadBalancerIngress ip hostname ports
IngressLoadBalancerStatus ingress
IngressPortStatus port! protocol! error?
IngressRule host http?
IngressServiceBackend name! port!
IngressSpec ingressClassName? defaultBackend? tls rules
IngressStatus loadBalancer!
IngressTLS hosts secretName
NetworkPolicy kind apiVersion metadata! spec!
NetworkPolicyEgressRule ports to
NetworkPolicyIngressRule ports from
NetworkPolicyPeer podSelector? namespaceSelector? ipBlock?
NetworkPolicyPort protocol? port? endPort?
NetworkPolicySpec podSelector! ingress egress policyTypes
ParentReference group resource namespace name
ServiceBackendPort name number
ServiceCIDR kind apiVersion metadata! spec! status!
ServiceCIDRSpec cidrs
ServiceCIDRStatus conditions
`

export const NODE_V1 = `
Overhead podFixed
RuntimeClass kind apiVersion metadata! handler! overhead? scheduling?
Scheduling nodeSelector tolerations
`

export const RBAC_V1 = `
AggregationRule clusterRoleSelectors
ClusterRole kind apiVersion metadata! rules! aggregationRule?
ClusterRoleBinding kind apiVersion metadata! subjects roleRef!
PolicyRule verbs! apiGroups resources resourceNames nonResourceURLs
Role kind apiVersion metadata! rules!
RoleBinding kind apiVersion metadata! subjects roleRef!
RoleRef apiGroup! kind! name!
Subject kind! apiGroup name! namespace
`

export const SCHEDULING_V1 = `
PriorityClass kind apiVersion metadata! value! globalDefault description preemptionPolicy?
`

export const STORAGE_V1 = `
CSIDriver kind apiVersion metadata! spec!
CSIDriverSpec attachRequired? podInfoOnMount? volumeLifecycleModes storageCapacity? fsGroupPolicy? tokenRequests requiresRepublish? seLinuxMount? nodeAllocatableUpdatePeriodSeconds? serviceAccountTokenInSecrets? preventPodSchedulingIfMissing?
CSINode kind apiVersion metadata! spec!
CSINodeDriver name! nodeID! topologyKeys! allocatable?
CSINodeSpec drivers!
CSIStorageCapacity kind apiVersion metadata! nodeTopology? storageClassName! capacity? maximumVolumeSize?
StorageClass kind apiVersion metadata! provisioner! parameters reclaimPolicy? mountOptions allowVolumeExpansion? volumeBindingMode? allowedTopologies
TokenRequest audience! expirationSeconds?
VolumeAttachment kind apiVersion metadata! spec! status!
VolumeAttachmentSource persistentVolumeName? inlineVolumeSpec?
VolumeAttachmentSpec attacher! source! nodeName!
VolumeAttachmentStatus attached! attachmentMetadata attachError? detachError?
VolumeAttributesClass kind apiVersion metadata! driverName! parameters
VolumeError time! message errorCode?
VolumeNodeResources count?
`
