/** `devenv paths`: where everything is. */
import type { Command } from 'commander'
import { cacheDir, listEnvironments, stateDir, stateRoot } from '../lib/paths.ts'
import { readRecord } from '../lib/record.ts'
import { type Io, printResult } from './io.ts'

const EXAMPLES = `
Examples:
  npm run paths
  ls "$(bin/devenv paths --json | jq -r .state)"

DEVENV_HOME moves cache and state; otherwise XDG_CACHE_HOME and XDG_STATE_HOME are respected.`

export function register(program: Command, io: Io): void {
  program
    .command('paths')
    .description('print where cache, state, logs and the kubeconfig are')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const record = await readRecord(io.name, io.env)
      const state = stateDir(io.name, io.env)
      const paths = {
        checkout: io.checkout,
        cache: cacheDir(io.env),
        stateRoot: stateRoot(io.env),
        state,
        logs: `${state}/logs`,
        kubeconfig: record?.cluster.kubeconfig ?? null,
        environments: await listEnvironments(io.env),
      }
      printResult(io, { apiVersion: 'devenv/v1', kind: 'Paths', name: io.name, ...paths }, () =>
        Object.entries(paths)
          .map(([name, path]) => `${name.padEnd(12)}  ${shown(path)}`)
          .join('\n'),
      )
    })
}

function shown(path: string | string[] | null): string {
  if (Array.isArray(path)) return path.join(', ') || 'none'
  return path ?? 'none yet'
}
