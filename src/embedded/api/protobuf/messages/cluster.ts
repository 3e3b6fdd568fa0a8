/** Messages of networking, access, coordination, events and the like: field numbers of the wire format (the notation is explained in ../wire-types.ts). */

export const NETWORKING = `
HTTPIngressPath 1path:s 2backend:IngressBackend 3pathType:s?
HTTPIngressRuleValue 1paths:*HTTPIngressPath
IPBlock 1cidr:s 2except:*s
Ingress 1metadata:meta.ObjectMeta 2spec:IngressSpec 3status:IngressStatus
IngressBackend 3resource:core.TypedLocalObjectReference 4service:IngressServiceBackend
IngressClass 1metadata:meta.ObjectMeta 2spec:IngressClassSpec
IngressClassParametersReference 1apiGroup:s? 2kind:s 3name:s 4scope:s? 5namespace:s?
IngressClassSpec 1controller:s 2parameters:IngressClassParametersReference
IngressLoadBalancerIngress 1ip:s 2hostname:s 4ports:*IngressPortStatus
IngressLoadBalancerStatus 1ingress:*IngressLoadBalancerIngress
IngressPortStatus 1port:i 2protocol:s 3error:s?
IngressRule 1host:s 2~:IngressRuleValue
IngressRuleValue 1http:HTTPIngressRuleValue
IngressServiceBackend 1name:s 2port:ServiceBackendPort
IngressSpec 1defaultBackend:IngressBackend 2tls:*IngressTLS 3rules:*IngressRule 4ingressClassName:s?
IngressStatus 1loadBalancer:IngressLoadBalancerStatus
IngressTLS 1hosts:*s 2secretName:s
NetworkPolicy 1metadata:meta.ObjectMeta 2spec:NetworkPolicySpec
NetworkPolicyEgressRule 1ports:*NetworkPolicyPort 2to:*NetworkPolicyPeer
NetworkPolicyIngressRule 1ports:*NetworkPolicyPort 2from:*NetworkPolicyPeer
NetworkPolicyPeer 1podSelector:meta.LabelSelector 2namespaceSelector:meta.LabelSelector 3ipBlock:IPBlock
NetworkPolicyPort 1protocol:s? 2port:intstr 3endPort:i?
NetworkPolicySpec 1podSelector:meta.LabelSelector 2ingress:*NetworkPolicyIngressRule 3egress:*NetworkPolicyEgressRule 4policyTypes:*s
ServiceBackendPort 1name:s 2number:i
`

export const RBAC = `
AggregationRule 1clusterRoleSelectors:*meta.LabelSelector
ClusterRole 1metadata:meta.ObjectMeta 2rules:*PolicyRule 3aggregationRule:AggregationRule
ClusterRoleBinding 1metadata:meta.ObjectMeta 2subjects:*Subject 3roleRef:RoleRef
PolicyRule 1verbs:*s 2apiGroups:*s 3resources:*s 4resourceNames:*s 5nonResourceURLs:*s
Role 1metadata:meta.ObjectMeta 2rules:*PolicyRule
RoleBinding 1metadata:meta.ObjectMeta 2subjects:*Subject 3roleRef:RoleRef
RoleRef 1apiGroup:s 2kind:s 3name:s
Subject 1kind:s 2apiGroup:s 3name:s 4namespace:s
`

export const COORDINATION = `
Lease 1metadata:meta.ObjectMeta 2spec:LeaseSpec
LeaseSpec 1holderIdentity:s? 2leaseDurationSeconds:i? 3acquireTime:micro 4renewTime:micro 5leaseTransitions:i? 6strategy:s? 7preferredHolder:s?
`

export const AUTHENTICATION = `
AttestationValue 1items:*s
BoundObjectReference 1kind:s 2apiVersion:s 3name:s 4uid:s
SelfSubjectReview 1metadata:meta.ObjectMeta 2status:SelfSubjectReviewStatus
SelfSubjectReviewStatus 1userInfo:UserInfo
TokenRequest 1metadata:meta.ObjectMeta 2spec:TokenRequestSpec 3status:TokenRequestStatus
TokenRequestSpec 1audiences:*s 3boundObjectRef:BoundObjectReference 4expirationSeconds:i? 5attestations:#AttestationValue
TokenRequestStatus 1token:s 2expirationTimestamp:time
TokenReview 1metadata:meta.ObjectMeta 2spec:TokenReviewSpec 3status:TokenReviewStatus
TokenReviewSpec 1token:s 2audiences:*s
TokenReviewStatus 1authenticated:b 2user:UserInfo 3error:s 4audiences:*s
UserInfo 1username:s 2uid:s 3groups:*s 4extra:#list
`

export const AUTHORIZATION = `
FieldSelectorAttributes 1rawSelector:s 2requirements:*meta.FieldSelectorRequirement
LabelSelectorAttributes 1rawSelector:s 2requirements:*meta.LabelSelectorRequirement
LocalSubjectAccessReview 1metadata:meta.ObjectMeta 2spec:SubjectAccessReviewSpec 3status:SubjectAccessReviewStatus
NonResourceAttributes 1path:s 2verb:s
NonResourceRule 1verbs:*s 2nonResourceURLs:*s
ResourceAttributes 1namespace:s 2verb:s 3group:s 4version:s 5resource:s 6subresource:s 7name:s 8fieldSelector:FieldSelectorAttributes 9labelSelector:LabelSelectorAttributes
ResourceRule 1verbs:*s 2apiGroups:*s 3resources:*s 4resourceNames:*s
SelfSubjectAccessReview 1metadata:meta.ObjectMeta 2spec:SelfSubjectAccessReviewSpec 3status:SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec 1resourceAttributes:ResourceAttributes 2nonResourceAttributes:NonResourceAttributes
SelfSubjectRulesReview 1metadata:meta.ObjectMeta 2spec:SelfSubjectRulesReviewSpec 3status:SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec 1namespace:s
SubjectAccessReview 1metadata:meta.ObjectMeta 2spec:SubjectAccessReviewSpec 3status:SubjectAccessReviewStatus
SubjectAccessReviewSpec 1resourceAttributes:ResourceAttributes 2nonResourceAttributes:NonResourceAttributes 3user:s 4groups:*s 5extra:#list 6uid:s
SubjectAccessReviewStatus 1allowed:b 2reason:s 3evaluationError:s 4denied:b
SubjectRulesReviewStatus 1resourceRules:*ResourceRule 2nonResourceRules:*NonResourceRule 3incomplete:b 4evaluationError:s
`

export const DISCOVERY = `
Endpoint 1addresses:*s 2conditions:EndpointConditions 3hostname:s? 4targetRef:core.ObjectReference 5deprecatedTopology:#s 6nodeName:s? 7zone:s? 8hints:EndpointHints
EndpointConditions 1ready:b? 2serving:b? 3terminating:b?
EndpointHints 1forZones:*ForZone 2forNodes:*ForNode
EndpointPort 1name:s? 2protocol:s? 3port:i? 4appProtocol:s?
EndpointSlice 1metadata:meta.ObjectMeta 2endpoints:*Endpoint 3ports:*EndpointPort 4addressType:s
ForNode 1name:s
ForZone 1name:s
`

export const EVENTS = `
Event 1metadata:meta.ObjectMeta 2eventTime:micro 3series:EventSeries 4reportingController:s 5reportingInstance:s 6action:s 7reason:s 8regarding:core.ObjectReference 9related:core.ObjectReference 10note:s 11type:s 12deprecatedSource:core.EventSource 13deprecatedFirstTimestamp:time 14deprecatedLastTimestamp:time 15deprecatedCount:i
EventSeries 1count:i 2lastObservedTime:micro
`

export const SCHEDULING = `
PriorityClass 1metadata:meta.ObjectMeta 2value:i 3globalDefault:b 4description:s 5preemptionPolicy:s?
`

export const STORAGE = `
StorageClass 1metadata:meta.ObjectMeta 2provisioner:s 3parameters:#s 4reclaimPolicy:s? 5mountOptions:*s 6allowVolumeExpansion:b? 7volumeBindingMode:s? 8allowedTopologies:*core.TopologySelectorTerm
`
