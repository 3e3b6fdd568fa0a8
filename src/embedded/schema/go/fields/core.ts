/** Fields of the core group's types in Go's order (the notation is explained in ../fields.ts). */

export const CORE_V1 = `
AWSElasticBlockStoreVolumeSource volumeID! fsType partition readOnly
Affinity nodeAffinity? podAffinity? podAntiAffinity?
AppArmorProfile type! localhostProfile?
AttachedVolume name! devicePath!
AzureDiskVolumeSource diskName! diskURI! cachingMode? fsType? readOnly? kind?
AzureFilePersistentVolumeSource secretName! shareName! readOnly secretNamespace!?
AzureFileVolumeSource secretName! shareName! readOnly
Binding kind apiVersion metadata! target!
CSIPersistentVolumeSource driver! volumeHandle! readOnly fsType volumeAttributes controllerPublishSecretRef? nodeStageSecretRef? nodePublishSecretRef? controllerExpandSecretRef? nodeExpandSecretRef?
CSIVolumeSource driver! readOnly? fsType? volumeAttributes nodePublishSecretRef?
Capabilities add drop
CephFSPersistentVolumeSource monitors! path user secretFile secretRef? readOnly
CephFSVolumeSource monitors! path user secretFile secretRef? readOnly
CinderPersistentVolumeSource volumeID! fsType readOnly secretRef?
CinderVolumeSource volumeID! fsType readOnly secretRef?
ClientIPConfig timeoutSeconds?
ClusterTrustBundleProjection name? signerName? labelSelector? optional? path!
ConfigMap kind apiVersion metadata! immutable? data binaryData
ConfigMapEnvSource name optional?
ConfigMapKeySelector name key! optional?
ConfigMapNodeConfigSource namespace! name! uid resourceVersion kubeletConfigKey!
ConfigMapProjection name items optional?
ConfigMapVolumeSource name items defaultMode? optional?
Container name! image command args workingDir ports envFrom env resources! resizePolicy restartPolicy? restartPolicyRules volumeMounts volumeDevices livenessProbe? readinessProbe? startupProbe? lifecycle? terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext? stdin stdinOnce tty
ContainerExtendedResourceRequest containerName! resourceName! requestName!
ContainerImage names! sizeBytes
ContainerPort name hostPort containerPort! protocol hostIP
ContainerResizePolicy resourceName! restartPolicy!
ContainerRestartRule action exitCodes?
ContainerRestartRuleOnExitCodes operator values
ContainerState waiting? running? terminated?
ContainerStateRunning startedAt!
ContainerStateTerminated exitCode! signal reason message startedAt! finishedAt! containerID
ContainerStateWaiting reason message
ContainerStatus name! state! lastState! ready! restartCount! image! imageID! containerID started? allocatedResources resources? volumeMounts user? allocatedResourcesStatus stopSignal?
ContainerUser linux?
DaemonEndpoint Port!
DownwardAPIProjection items
DownwardAPIVolumeFile path! fieldRef? resourceFieldRef? mode?
DownwardAPIVolumeSource items defaultMode?
EmptyDirVolumeSource medium sizeLimit?
EndpointAddress ip! hostname nodeName? targetRef?
EndpointPort name port! protocol appProtocol?
EndpointSubset addresses notReadyAddresses ports
Endpoints kind apiVersion metadata! subsets
EnvFromSource prefix configMapRef? secretRef?
EnvVar name! value valueFrom?
EnvVarSource fieldRef? resourceFieldRef? configMapKeyRef? secretKeyRef? fileKeyRef?
EphemeralContainer name! image command args workingDir ports envFrom env resources! resizePolicy restartPolicy? restartPolicyRules volumeMounts volumeDevices livenessProbe? readinessProbe? startupProbe? lifecycle? terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext? stdin stdinOnce tty targetContainerName
EphemeralVolumeSource volumeClaimTemplate?
Event kind apiVersion metadata! involvedObject! reason message source! firstTimestamp! lastTimestamp! count type eventTime! series? action related? reportingComponent! reportingInstance!
EventSeries count lastObservedTime!
EventSource component host
ExecAction command
FCVolumeSource targetWWNs lun? fsType readOnly wwids
FileKeySelector volumeName! path! key! optional?
FlexPersistentVolumeSource driver! fsType secretRef? readOnly options
FlexVolumeSource driver! fsType secretRef? readOnly options
FlockerVolumeSource datasetName datasetUUID
GCEPersistentDiskVolumeSource pdName! fsType partition readOnly
GRPCAction port! service!?
GitRepoVolumeSource repository! revision directory
GlusterfsPersistentVolumeSource endpoints! path! readOnly endpointsNamespace?
GlusterfsVolumeSource endpoints! path! readOnly
HTTPGetAction path port! host scheme httpHeaders
HTTPHeader name! value!
HostAlias ip! hostnames
HostIP ip!
HostPathVolumeSource path! type?
ISCSIPersistentVolumeSource targetPortal! iqn! lun! iscsiInterface fsType readOnly portals chapAuthDiscovery chapAuthSession secretRef? initiatorName?
ISCSIVolumeSource targetPortal! iqn! lun! iscsiInterface fsType readOnly portals chapAuthDiscovery chapAuthSession secretRef? initiatorName?
ImageVolumeSource reference pullPolicy
ImageVolumeStatus imageRef
KeyToPath key! path! mode?
Lifecycle postStart? preStop? stopSignal?
LifecycleHandler exec? httpGet? tcpSocket? sleep?
LimitRange kind apiVersion metadata! spec!
LimitRangeItem type! max min default defaultRequest maxLimitRequestRatio
LimitRangeSpec limits!
LinuxContainerUser uid! gid! supplementalGroups
LoadBalancerIngress ip hostname ipMode? ports
LoadBalancerStatus ingress
LocalObjectReference name
LocalVolumeSource path! fsType?
ModifyVolumeStatus targetVolumeAttributesClassName status!
NFSVolumeSource server! path! readOnly
Namespace kind apiVersion metadata! spec! status!
NamespaceCondition type! status! lastTransitionTime! reason message
NamespaceSpec finalizers
NamespaceStatus phase conditions
Node kind apiVersion metadata! spec! status!
NodeAddress type! address!
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution? preferredDuringSchedulingIgnoredDuringExecution
NodeAllocatableResourceClaimStatus resourceClaimName! containers resources!
NodeCondition type! status! lastHeartbeatTime! lastTransitionTime! reason message
NodeConfigSource configMap?
NodeConfigStatus assigned? active? lastKnownGood? error
NodeDaemonEndpoints kubeletEndpoint!
NodeFeatures supplementalGroupsPolicy?
NodeRuntimeHandler name! features?
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts? userNamespaces?
NodeSelector nodeSelectorTerms!
NodeSelectorRequirement key! operator! values
NodeSelectorTerm matchExpressions matchFields
NodeSpec podCIDR podCIDRs providerID unschedulable taints configSource? externalID
NodeStatus capacity allocatable phase conditions addresses daemonEndpoints! nodeInfo! images volumesInUse volumesAttached config? runtimeHandlers features? declaredFeatures
NodeSwapStatus capacity?
NodeSystemInfo machineID! systemUUID! bootID! kernelVersion! osImage! containerRuntimeVersion! kubeletVersion! kubeProxyVersion! operatingSystem! architecture! swap?
ObjectFieldSelector apiVersion fieldPath!
ObjectReference kind namespace name uid apiVersion resourceVersion fieldPath
PersistentVolume kind apiVersion metadata! spec! status!
PersistentVolumeClaim kind apiVersion metadata! spec! status!
PersistentVolumeClaimCondition type! status! lastProbeTime! lastTransitionTime! reason message
PersistentVolumeClaimSpec accessModes selector? resources! volumeName storageClassName? volumeMode? dataSource? dataSourceRef? volumeAttributesClassName?
PersistentVolumeClaimStatus phase accessModes capacity conditions allocatedResources allocatedResourceStatuses currentVolumeAttributesClassName? modifyVolumeStatus?
PersistentVolumeClaimTemplate metadata! spec!
PersistentVolumeClaimVolumeSource claimName! readOnly
PersistentVolumeSpec capacity gcePersistentDisk? awsElasticBlockStore? hostPath? glusterfs? nfs? rbd? iscsi? cinder? cephfs? fc? flocker? flexVolume? azureFile? vsphereVolume? quobyte? azureDisk? photonPersistentDisk? portworxVolume? scaleIO? local? storageos? csi? accessModes claimRef? persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode? nodeAffinity? volumeAttributesClassName?
PersistentVolumeStatus phase message reason lastPhaseTransitionTime?
PhotonPersistentDiskVolumeSource pdID! fsType
Pod kind apiVersion metadata! spec! status!
PodAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
PodAffinityTerm labelSelector? namespaces topologyKey! namespaceSelector? matchLabelKeys mismatchLabelKeys
PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
PodCertificateProjection signerName keyType maxExpirationSeconds? credentialBundlePath keyPath certificateChainPath userAnnotations
PodCondition type! observedGeneration status! lastProbeTime! lastTransitionTime! reason message
PodDNSConfig nameservers searches options
PodDNSConfigOption name value?
PodExtendedResourceClaimStatus requestMappings! resourceClaimName!
PodIP ip!
PodOS name!
PodReadinessGate conditionType!
PodResourceClaim name! resourceClaimName? resourceClaimTemplateName?
PodResourceClaimStatus name! resourceClaimName?
PodSchedulingGate name!
PodSchedulingGroup podGroupName?
PodSecurityContext seLinuxOptions? windowsOptions? runAsUser? runAsGroup? runAsNonRoot? supplementalGroups supplementalGroupsPolicy? fsGroup? sysctls fsGroupChangePolicy? seccompProfile? appArmorProfile? seLinuxChangePolicy?
PodSpec volumes initContainers containers! ephemeralContainers restartPolicy terminationGracePeriodSeconds? activeDeadlineSeconds? dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken? nodeName hostNetwork hostPID hostIPC shareProcessNamespace? securityContext? imagePullSecrets hostname subdomain affinity? schedulerName tolerations hostAliases priorityClassName priority? dnsConfig? readinessGates runtimeClassName? enableServiceLinks? preemptionPolicy? overhead topologySpreadConstraints setHostnameAsFQDN? os? hostUsers? schedulingGates resourceClaims resources? hostnameOverride? schedulingGroup?
PodStatus observedGeneration phase conditions message reason nominatedNodeName hostIP hostIPs podIP podIPs startTime? initContainerStatuses containerStatuses qosClass ephemeralContainerStatuses resize resourceClaimStatuses extendedResourceClaimStatus? allocatedResources resources? nodeAllocatableResourceClaimStatuses
PodTemplate kind apiVersion metadata! template!
PodTemplateSpec metadata! spec!
PortStatus port! protocol! error?
PortworxVolumeSource volumeID! fsType readOnly
PreferredSchedulingTerm weight! preference!
Probe exec? httpGet? tcpSocket? grpc? initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds?
ProjectedVolumeSource sources! defaultMode?
QuobyteVolumeSource registry! volume! readOnly user group tenant
RBDPersistentVolumeSource monitors! image! fsType pool user keyring secretRef? readOnly
RBDVolumeSource monitors! image! fsType pool user keyring secretRef? readOnly
ReplicationController kind apiVersion metadata! spec! status!
ReplicationControllerCondition type! status! lastTransitionTime! reason message
ReplicationControllerSpec replicas? minReadySeconds selector template?
ReplicationControllerStatus replicas! fullyLabeledReplicas readyReplicas availableReplicas observedGeneration conditions
ResourceClaim name! request
ResourceFieldSelector containerName resource! divisor!
ResourceHealth resourceID! health message?
ResourceQuota kind apiVersion metadata! spec! status!
ResourceQuotaSpec hard scopes scopeSelector?
ResourceQuotaStatus hard used
ResourceRequirements limits requests claims
ResourceStatus name! resources
SELinuxOptions user role type level
ScaleIOPersistentVolumeSource gateway! system! secretRef!? sslEnabled protectionDomain storagePool storageMode volumeName fsType readOnly
ScaleIOVolumeSource gateway! system! secretRef!? sslEnabled protectionDomain storagePool storageMode volumeName fsType readOnly
ScopeSelector matchExpressions
ScopedResourceSelectorRequirement scopeName! operator! values
SeccompProfile type! localhostProfile?
Secret kind apiVersion metadata! immutable? data stringData type
SecretEnvSource name optional?
SecretKeySelector name key! optional?
SecretProjection name items optional?
SecretReference name namespace
SecretVolumeSource secretName items defaultMode? optional?
SecurityContext capabilities? privileged? seLinuxOptions? windowsOptions? runAsUser? runAsGroup? runAsNonRoot? readOnlyRootFilesystem? allowPrivilegeEscalation? procMount? seccompProfile? appArmorProfile?
Service kind apiVersion metadata! spec! status!
ServiceAccount kind apiVersion metadata! secrets imagePullSecrets automountServiceAccountToken?
ServiceAccountTokenProjection audience expirationSeconds? path!
ServicePort name protocol appProtocol? port! targetPort! nodePort
ServiceSpec ports selector clusterIP clusterIPs type externalIPs sessionAffinity loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig? ipFamilies ipFamilyPolicy? allocateLoadBalancerNodePorts? loadBalancerClass? internalTrafficPolicy? trafficDistribution?
ServiceStatus loadBalancer! conditions
SessionAffinityConfig clientIP?
SleepAction seconds!
StorageOSPersistentVolumeSource volumeName volumeNamespace fsType readOnly secretRef?
StorageOSVolumeSource volumeName volumeNamespace fsType readOnly secretRef?
Sysctl name! value!
TCPSocketAction port! host
Taint key! value effect! timeAdded?
Toleration key operator value effect tolerationSeconds?
TopologySelectorLabelRequirement key! values!
TopologySelectorTerm matchLabelExpressions
TopologySpreadConstraint maxSkew! topologyKey! whenUnsatisfiable! labelSelector? minDomains? nodeAffinityPolicy? nodeTaintsPolicy? matchLabelKeys
TypedLocalObjectReference apiGroup!? kind! name!
TypedObjectReference apiGroup!? kind! name! namespace?
Volume name! hostPath? emptyDir? gcePersistentDisk? awsElasticBlockStore? gitRepo? secret? nfs? iscsi? glusterfs? persistentVolumeClaim? rbd? flexVolume? cinder? cephfs? flocker? downwardAPI? fc? azureFile? configMap? vsphereVolume? quobyte? azureDisk? photonPersistentDisk? projected? portworxVolume? scaleIO? storageos? csi? ephemeral? image?
VolumeDevice name! devicePath!
VolumeMount name! readOnly recursiveReadOnly? mountPath! subPath mountPropagation? subPathExpr
VolumeMountStatus name! mountPath! readOnly recursiveReadOnly? volumeStatus?
VolumeNodeAffinity required?
VolumeProjection secret? downwardAPI? configMap? serviceAccountToken? clusterTrustBundle? podCertificate?
VolumeResourceRequirements limits requests
VolumeStatus image?
VsphereVirtualDiskVolumeSource volumePath! fsType storagePolicyName storagePolicyID
WeightedPodAffinityTerm weight! podAffinityTerm!
WindowsSecurityContextOptions gmsaCredentialSpecName? gmsaCredentialSpec? runAsUserName? hostProcess?
`
