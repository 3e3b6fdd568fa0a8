/** The command line that puts a program into its container: util-linux tools around the program's own argv. */
import type { Tier } from './tier.ts'

export interface Mount {
  source: string
  target: string
  readOnly: boolean
}

export interface Containment {
  /** The process that must be the parent: a child that finds another one gives up. */
  supervisorPid: number
  hostname: string
  /** Bind mounts, in order. Targets must exist (mounts.ts prepares them). */
  mounts: Mount[]
  /** A prepared root folder with the mounts that fill it: everything else happens inside. */
  root: { folder: string; mounts: Mount[] } | undefined
  cwd: string
  argv: string[]
}

/**
 * A parent death signal set after the parent died would never come, so the shell looks again at its parent
 * once the signal is set. `$1` is the supervisor.
 */
const WITH_PARENT = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"'

/** Fills a root folder (source, target, ended by --) and goes on inside it. */
const INTO_ROOT = [
  'while [ "$1" != -- ]; do mount --rbind "$1" "$2" || exit 125; shift 2; done; shift',
  'exec chroot "$@"',
].join('\n')

/**
 * Inside the namespaces: own /proc, host name, bind mounts (mode, source, target, ended by --), working
 * directory, a byte on descriptor 3 that says so, then the program with descriptor 4 as standard error.
 * A read-only bind can be refused in a user namespace: it falls back.
 */
const INSIDE = [
  'mount -t proc proc /proc 2>/dev/null',
  '{ printf %s "$1" >/proc/sys/kernel/hostname || hostname "$1"; } 2>/dev/null; shift',
  'while [ "$1" != -- ]; do',
  '  { [ "$1" = ro ] && mount -o bind,ro "$2" "$3" 2>/dev/null; } || mount --rbind "$2" "$3" || exit 125; shift 3',
  'done; shift',
  'cd "$1" || exit 125; shift',
  'echo >&3',
  'exec "$@" 2>&4 3>&- 4>&-',
].join('\n')

/** The whole argv for a tier. In the `groups` tier mounts are left out: there is nowhere to put them. */
export function containedCommand(tier: Tier, containment: Containment): string[] {
  if (tier === 'groups') return containment.argv
  const user = tier === 'user-namespaces' ? ['--user', '--map-root-user'] : []
  return [
    ...['setpriv', '--pdeathsig', 'KILL', '--'],
    ...['sh', '-c', WITH_PARENT, 'sh', String(containment.supervisorPid)],
    ...[
      'unshare',
      ...user,
      '--mount',
      '--uts',
      '--pid',
      '--fork',
      '--kill-child',
      '--propagation',
      'private',
    ],
    ...intoRoot(containment.root),
    ...['sh', '-c', INSIDE, 'sh', containment.hostname],
    ...containment.mounts.flatMap((mount) => [mount.readOnly ? 'ro' : 'rw', mount.source, mount.target]),
    ...['--', containment.cwd],
    ...containment.argv,
  ]
}

function intoRoot(root: Containment['root']): string[] {
  if (!root) return []
  const pairs = root.mounts.flatMap((mount) => [mount.source, mount.target])
  return ['sh', '-c', INTO_ROOT, 'sh', ...pairs, '--', root.folder]
}

/** The argv that runs a command inside the namespaces of a running container's first process. */
export function enterCommand(tier: Tier, pid: number, argv: string[]): string[] {
  if (tier === 'groups') return argv
  const user = tier === 'user-namespaces' ? ['--user', '--preserve-credentials'] : []
  return ['nsenter', '--target', String(pid), ...user, '--mount', '--uts', '--pid', '--root', '--wd', ...argv]
}
