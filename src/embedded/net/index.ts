/** The cluster's network: what other parts of the embedded cluster use of it. */
export type { AddressAllocator } from './allocator.ts'
export { createNet, type Net, type NetOptions } from './net.ts'
