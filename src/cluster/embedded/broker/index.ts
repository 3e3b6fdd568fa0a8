/** A real RabbitMQ for this machine: found, or fetched without root. */
export type { BrokerInstall } from '../../../embedded/node/rabbitmq/install.ts'
export { type BareBroker, bareBroker } from './bare.ts'
export { ensureBroker, findBroker } from './ensure.ts'
