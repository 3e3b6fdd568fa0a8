/**
 * What Argo CD's own argocd-cm leaves out of every Application, but for Endpoints and EndpointSlices: by one the stack
 * reaches the environment's Postgres, which has an address here and no name.
 */
import type { ResourceExclusion } from './normalise.ts'

export const DEFAULT_EXCLUSIONS: ResourceExclusion[] = [
  { group: 'coordination.k8s.io', kinds: ['Lease'] },
  { group: 'certificates.k8s.io', kinds: ['CertificateSigningRequest'] },
  { group: 'cert-manager.io', kinds: ['CertificateRequest'] },
  { group: 'cilium.io', kinds: ['CiliumIdentity', 'CiliumEndpoint', 'CiliumEndpointSlice'] },
  { group: 'wgpolicyk8s.io', kinds: ['PolicyReport', 'ClusterPolicyReport'] },
]
