/** What the API server is known by: certificates, keys and the administrator's token. */

export interface Certificates {
  /** PEM of the CA. */
  ca: string
  /** PEM of the server's certificate and key, for loopback and the in-cluster names. */
  cert: string
  key: string
  /** PEM of the administrator's certificate (O=system:masters) and key, for the kubeconfig. */
  clientCert: string
  clientKey: string
  /** PEM of the key that signs ServiceAccount tokens. */
  tokenKey: string
  /** Bearer token of the administrator. */
  adminToken: string
}
