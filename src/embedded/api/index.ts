/** The embedded API server. */
export { type BootstrapOptions, bootstrapObjects } from './bootstrap.ts'
export { type Api, type ApiOptions, createApi, GIT_VERSION } from './create-api.ts'
export type { Listening } from './http/server.ts'
export type { AddressAllocator } from './registry/context.ts'
export type { Certificates } from './tls/bundle.ts'
export { loadCertificates } from './tls/certificates.ts'
export { kubeconfig, writeKubeconfig } from './tls/kubeconfig.ts'
