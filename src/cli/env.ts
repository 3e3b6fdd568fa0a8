/** `devenv env`: what other tools need, as shell exports. */
import type { Command } from 'commander'
import { type RunRecord, requireRecord } from '../lib/record.ts'
import { type Io, printResult } from './io.ts'

const EXAMPLES = `
Examples:
  eval "$(npm run -s env)"       kubectl, k9s, Lens and others now speak to this environment
  bin/devenv env --json

No passwords are printed; the broker's are in the Secret rabbitmq-secrets, Postgres' in postgres-secrets.`

export function register(program: Command, io: Io): void {
  program
    .command('env')
    .description('print shell exports: KUBECONFIG and the addresses of everything')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const variables = variablesOf(await requireRecord(io.name, io.env))
      printResult(io, { apiVersion: 'devenv/v1', kind: 'Env', name: io.name, variables }, () =>
        Object.entries(variables)
          .map(([key, value]) => `export ${key}=${quote(value)}`)
          .join('\n'),
      )
    })
}

function variablesOf({ name, namespace, cluster, endpoints }: RunRecord): Record<string, string> {
  const variables = {
    KUBECONFIG: cluster.kubeconfig,
    DEVENV_NAME: name,
    DEVENV_NAMESPACE: namespace,
    VAULT_ADDR: endpoints.vault,
    CORE_API_URL: endpoints.coreApi,
    FRONTEND_URL: endpoints.frontend,
    RABBITMQ_URL: endpoints.rabbitmq,
    RABBITMQ_MANAGEMENT_URL: endpoints.rabbitmqManagement,
    POSTGRES_URL: endpoints.postgres,
  }
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => !!entry[1]),
  )
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`
}
