/** The kubelet: what other parts of the project use of it. */
export type { NodeAgent } from './agent.ts'
export type { ImageMap } from './images.ts'
export { createKubelet, type Kubelet } from './kubelet.ts'
export { probeTier } from './process/probe-tier.ts'
export type { BrokerInstall } from './rabbitmq/install.ts'
