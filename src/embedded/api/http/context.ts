/** What the HTTP handlers share. */
import type { ExternalMetrics } from '../../metrics.ts'
import type { NodeAgent } from '../../node/agent.ts'
import type { RegistryContext } from '../registry/context.ts'
import type { TokenSigner } from './token-signer.ts'

export interface ApiContext extends RegistryContext {
  agent: () => NodeAgent | undefined
  externalMetrics: () => ExternalMetrics | undefined
  tokens: TokenSigner
  /** `v1.35.x`, as /version answers it. */
  gitVersion: string
}
