/** The cluster's network: what other parts of the embedded cluster use of it. */
export { createNet, type Net } from './net.ts'
