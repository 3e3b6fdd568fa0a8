/** How Postgres' programs are started here: never as root, and ending with this process. */

import { DevenvError, messageOf } from '../../../lib/errors.ts'
import { run, which } from '../../../lib/exec.ts'

/**
 * - `namespaces`: a user namespace that maps us to nobody, with PID and IPC namespaces that end with us
 * - `plain`: as ourselves, in a process group
 */
export type Containment = 'namespaces' | 'plain'

const NOBODY = '65534'
/** A parent death signal set after the parent died would never come. `$1` is the parent. */
const WITH_PARENT = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"'

/** The argv of a program in its containment. */
export function contained(containment: Containment, argv: string[]): string[] {
  if (containment === 'plain') return argv
  return [
    ...['setpriv', '--pdeathsig', 'KILL', '--'],
    ...['sh', '-c', WITH_PARENT, 'sh', String(process.pid)],
    ...['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
    ...['--ipc', '--pid', '--fork', '--kill-child', '--'],
    ...argv,
  ]
}

/** The best containment that works here. Throws PREFLIGHT for root without namespaces: Postgres refuses uid 0. */
export async function probeContainment(): Promise<Containment> {
  if (process.platform !== 'linux') return 'plain'
  try {
    if (!which('setpriv') || !which('unshare')) throw new Error('util-linux is not installed')
    const [file, ...args] = contained('namespaces', ['true'])
    await run(file!, args, { timeoutMs: 5000 })
    return 'namespaces'
  } catch (thrown) {
    if (process.getuid?.() !== 0) return 'plain'
    throw new DevenvError(
      'PREFLIGHT',
      `Postgres does not run as root, and user namespaces are refused here: ${messageOf(thrown)}`,
      {
        cause: thrown,
        fix: 'Run devenv as an ordinary user.',
      },
    )
  }
}
