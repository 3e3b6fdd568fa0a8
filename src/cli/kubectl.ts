/** `devenv kubectl …`: the kubectl on PATH with this environment's kubeconfig. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import { requireRecord } from '../lib/record.ts'
import type { Io } from './io.ts'

const EXAMPLES = `
Everything after "kubectl" is kubectl's own; devenv's flags come before it.

Examples:
  npm run kubectl -- get pods -n team1-ns
  bin/devenv --name other kubectl get deploy,hpa,scaledobject -A`

export function register(program: Command, io: Io): void {
  program.enablePositionalOptions()
  program
    .command('kubectl')
    .description("run the machine's kubectl against this environment")
    .argument('[args...]')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption('--devenv-help', 'this text')
    .addHelpText('after', EXAMPLES)
    .action(async (args: string[]) => {
      const record = await requireRecord(io.name, io.env)
      const { runAttached, which } = await import('../lib/exec.ts')
      const kubectl = which('kubectl', io.env.PATH)
      if (!kubectl) {
        throw new DevenvError('PREFLIGHT', 'there is no kubectl on PATH', {
          fix: 'Install it (https://kubernetes.io/docs/tasks/tools/; Debian: apt install kubernetes-client), or use npm run status and npm run logs, which need none.',
        })
      }
      const context = record.cluster.context === undefined ? [] : ['--context', record.cluster.context]
      io.exitCode = await runAttached(kubectl, [...context, ...args], {
        env: {
          KUBECONFIG: record.cluster.kubeconfig,
          // kubectl's copies of the API's description go with the environment, not into the user's ~/.kube.
          KUBECACHEDIR: join(stateDir(io.name, io.env), 'kubectl-cache'),
        },
      })
    })
}
