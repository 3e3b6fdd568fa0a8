/** The embedded API server. */
export { bootstrapObjects } from './bootstrap.ts'
export { type Api, createApi, GIT_VERSION } from './create-api.ts'
export type { Listening } from './http/server.ts'
export type { Certificates } from './tls/bundle.ts'
export { loadCertificates } from './tls/certificates.ts'
export { writeKubeconfig } from './tls/kubeconfig.ts'
