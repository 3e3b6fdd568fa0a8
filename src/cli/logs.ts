/** `devenv logs`: the logs of all pods of a workload, each line with its pod's name in front. */
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import { wholeNumber } from './flags.ts'
import { type Io, paintFor, type Style } from './io.ts'

const EXAMPLES = `
The workload's name may leave out the release: "core-api" is "team1-project-core-api". Without one, the pods of
all workloads are shown. With --json every line is {"pod","container","line"}.

Examples:
  npm run logs -- core-api -f
  npm run logs -- question-worker --tail 50
  npm run logs -- --json | jq -r .pod | sort | uniq -c`

interface Flags {
  follow?: boolean
  container?: string
  tail: number
  previous?: boolean
}

const COLOURS: Style[] = ['cyan', 'green', 'yellow', 'red', 'bold']

export function register(program: Command, io: Io): void {
  program
    .command('logs')
    .description("show the logs of a workload's pods")
    .argument('[workload]', 'Deployment, StatefulSet or Rollout; with or without the release in front')
    .option('-f, --follow', 'go on as lines come, also of pods that start later')
    .option('-c, --container <name>', 'only this container')
    .option('--tail <lines>', 'last lines of each container', wholeNumber(0, 1_000_000), 100)
    .option('-p, --previous', "of each container's run before its last restart")
    .addHelpText('after', EXAMPLES)
    .action((workload: string | undefined, flags: Flags) => logs(io, workload, flags))
}

async function logs(io: Io, workload: string | undefined, flags: Flags): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const { KubeClient } = await import('../lib/kube/client.ts')
  const { followLogs, readLogs, selectorOf } = await import('../status/pod-logs.ts')
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  try {
    const selector =
      workload === undefined ? '' : await selectorOf(client, record.namespace, record.release, workload)
    const paint = paintFor(io, io.stdout)
    const colours = new Map<string, Style>()
    const print = (pod: string, container: string, line: string) => {
      if (!colours.has(pod)) colours.set(pod, COLOURS[colours.size % COLOURS.length]!)
      const text = io.json
        ? JSON.stringify({ pod, container, line })
        : `${paint(colours.get(pod)!, pod)} ${line}`
      io.stdout.write(`${text}\n`)
    }
    const { container, tail: tailLines, previous } = flags
    const options = { ...(container ? { container } : {}), tailLines, ...(previous ? { previous } : {}) }
    if (flags.follow) await followLogs(client, record.namespace, selector, options, print, io.signal)
    else if ((await readLogs(client, record.namespace, selector, options, print, io.signal)) === 0) {
      const what = workload === undefined ? `namespace ${record.namespace}` : workload
      throw new DevenvError('STEP_FAILED', `${what} has no pods`, {
        fix: 'npm run status says why a workload has the replicas it has.',
      })
    }
  } finally {
    client.close()
  }
}
