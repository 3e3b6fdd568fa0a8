/** How Postgres' programs are started here: never as root, and ending with this process. */

import { DevenvError, messageOf } from '../../../lib/errors.ts'
import { run, which } from '../../../lib/exec.ts'

/**
 * - `namespaces`: a user namespace that maps us to nobody, with PID and IPC namespaces that end with us
 * - `nobody`: that user itself, for root where namespaces are refused (a container, as a rule). It keeps root's way
 *   through closed folders, since programs and data lie below root's home
 * - `plain`: as ourselves, in a process group
 */
export type Containment = 'namespaces' | 'nobody' | 'plain'

/** The user and group `nobody` of every Linux. */
export const NOBODY = 65534
/** A parent death signal set after the parent died would never come. `$1` is the parent. */
const WITH_PARENT = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"'

/** The argv of a program in its containment. */
export function contained(containment: Containment, argv: string[]): string[] {
  if (containment === 'plain') return argv
  if (containment === 'nobody') {
    return [
      ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
      // initdb asks access(2), which leaves a user that is not root its capabilities with this bit only.
      '--securebits=+no_setuid_fixup',
      ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
      ...argv,
    ]
  }
  return [
    ...['setpriv', '--pdeathsig', 'KILL', '--'],
    ...['sh', '-c', WITH_PARENT, 'sh', String(process.pid)],
    ...['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
    ...['--ipc', '--pid', '--fork', '--kill-child', '--'],
    ...argv,
  ]
}

/** The best containment that works here. Throws PREFLIGHT for root without any: Postgres refuses uid 0. */
export async function probeContainment(): Promise<Containment> {
  if (process.platform !== 'linux') return 'plain'
  const refused = await refusal('namespaces')
  if (refused === undefined) return 'namespaces'
  if (process.getuid?.() !== 0) return 'plain'
  const refusedUser = await refusal('nobody')
  if (refusedUser === undefined) return 'nobody'
  throw new DevenvError(
    'PREFLIGHT',
    `Postgres does not run as root, and root can neither make a user namespace here (${refused}) nor become nobody (${refusedUser})`,
    {
      fix: 'Run devenv as an ordinary user, or give the container CAP_SETUID, CAP_SETGID, CAP_SETPCAP and CAP_DAC_OVERRIDE.',
    },
  )
}

/** Why a program cannot be started in this containment; undefined when it can. */
async function refusal(containment: Containment): Promise<string | undefined> {
  const [file, ...args] = contained(containment, ['true'])
  const tools = containment === 'namespaces' ? ['setpriv', 'unshare'] : ['setpriv']
  const tool = tools.find((program) => !which(program))
  if (tool) return `${tool} of util-linux is not on PATH`
  return run(file!, args, { timeoutMs: 5000 }).then(() => undefined, lastLine)
}

function lastLine(thrown: unknown): string {
  return messageOf(thrown).trim().split('\n').at(-1)!.trim()
}
