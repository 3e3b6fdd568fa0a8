/** The kubeconfig of the embedded cluster. */
import { writeFileAtomic } from '../../../lib/paths.ts'
import { toYaml } from '../http/yaml.ts'
import type { Certificates } from './bundle.ts'

export interface KubeconfigOptions {
  /** Name of the cluster, the context and the user. */
  name: string
  /** `https://127.0.0.1:PORT`. */
  server: string
  certificates: Pick<Certificates, 'ca' | 'clientCert' | 'clientKey'>
  /** Namespace of the context. */
  namespace?: string
}

/** A kubeconfig with everything inline: client certificate, key and CA. */
export function kubeconfig({ name, server, certificates, namespace }: KubeconfigOptions): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(certificates.ca) } }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace ? { namespace } : {}) } }],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(certificates.clientCert),
          'client-key-data': base64(certificates.clientKey),
        },
      },
    ],
    preferences: {},
  })
}

/** Writes a kubeconfig that only the user can read. */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  await writeFileAtomic(path, kubeconfig(options))
}
