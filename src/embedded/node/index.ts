/** The kubelet: what other parts of the project use of it. */
export type { NodeAgent } from './agent.ts'
export { findRunner, type ImageMap, parseImages, type Runner } from './images.ts'
export { createKubelet, type Kubelet, type KubeletOptions } from './kubelet.ts'
export { probeTier } from './process/probe-tier.ts'
export type { ProbedTier, Tier } from './process/tier.ts'
export type { BrokerInstall } from './rabbitmq/install.ts'
