/** What Argo CD's own argocd-cm leaves out of every Application. */
import type { ResourceExclusion } from './normalise.ts'

export const DEFAULT_EXCLUSIONS: ResourceExclusion[] = [
  { group: '', kinds: ['Endpoints'] },
  { group: 'discovery.k8s.io', kinds: ['EndpointSlice'] },
  { group: 'coordination.k8s.io', kinds: ['Lease'] },
  { group: 'certificates.k8s.io', kinds: ['CertificateSigningRequest'] },
  { group: 'cert-manager.io', kinds: ['CertificateRequest'] },
  { group: 'cilium.io', kinds: ['CiliumIdentity', 'CiliumEndpoint', 'CiliumEndpointSlice'] },
  { group: 'wgpolicyk8s.io', kinds: ['PolicyReport', 'ClusterPolicyReport'] },
]
