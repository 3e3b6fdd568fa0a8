/** What the embedded environment is made of, and which parts are not the real product. */
import type { ComponentRecord } from '../lib/record.ts'

/** Versions are those whose behaviour the embedded parts reproduce; the real parts report their own. */
export function embeddedComponents(): ComponentRecord[] {
  const embedded = (name: string, version: string): ComponentRecord => ({
    name,
    version,
    implementation: 'embedded',
  })
  return [
    embedded('Kubernetes', 'v1.35.0'),
    embedded('Argo CD', 'v3.5.1'),
    embedded('Argo Rollouts', 'v1.9.1'),
    embedded('KEDA', 'v2.20.2'),
    embedded('External Secrets', 'v2.9.0'),
    embedded('Vault', 'KV v2'),
    { name: 'RabbitMQ', version: '', implementation: 'real' },
    { name: 'Postgres', version: '16', implementation: 'real' },
  ]
}
