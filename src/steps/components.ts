/** What an environment is made of, and which parts are not the real product. */
import type { ComponentRecord } from '../lib/record.ts'
import type { Plan } from './plan.ts'
import type { Prepared } from './preflight.ts'

/** Versions are those that were pinned; what reports its own is asked later. */
export function componentsOf(plan: Plan, prepared: Prepared): ComponentRecord[] {
  return plan.choice.kind === 'embedded' ? embeddedComponents() : installedComponents(plan, prepared)
}

/** Versions are those whose behaviour the embedded parts reproduce; the real parts report their own. */
function embeddedComponents(): ComponentRecord[] {
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

function installedComponents(plan: Plan, { operators }: Prepared): ComponentRecord[] {
  const real = (name: string, version: string, namespace?: string): ComponentRecord => ({
    name,
    version,
    implementation: 'real',
    ...(namespace === undefined ? {} : { namespace }),
  })
  const inCluster = plan.choice.kind === 'context' ? `devenv-${plan.options.name}` : undefined
  return [
    real('Kubernetes', ''),
    ...operators.map(({ operator, action, adopted: [controller] }) =>
      action === 'install'
        ? real(operator.title, operator.version, operator.namespace)
        : real(operator.title, controller?.version ?? '', controller?.namespace),
    ),
    real('Vault', tagOf(plan.lock?.images.vault), inCluster),
    real('RabbitMQ', ''),
    real('Postgres', tagOf(plan.lock?.images.postgres), inCluster),
  ]
}

function tagOf(image = ''): string {
  return image.replace(/@.*$/, '').split(':').at(-1) ?? ''
}
