/** What the kubelet gives to each of its pods. */
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/log.ts'
import type { Client } from '../../client.ts'
import type { Net } from '../../net/net.ts'
import type { NodeAllocatable } from '../env/field-ref.ts'
import type { ImageMap } from '../images.ts'
import type { Guardian } from '../process/guardian.ts'
import type { Tier } from '../process/tier.ts'
import type { BrokerInstall } from '../rabbitmq/install.ts'
import type { TokenSource } from '../volumes/content.ts'

export interface PodHost {
  client: Client
  clock: Clock
  log: Logger
  nodeName: string
  podsDir: string
  cacheDir: string
  /** Entries of `node` runners are relative to this folder. */
  checkout: string
  images: ImageMap
  net: Net
  tier: Tier
  guardian: Guardian | undefined
  environmentName: string
  broker: BrokerInstall | undefined
  tokens: TokenSource
  allocatable: NodeAllocatable
}
