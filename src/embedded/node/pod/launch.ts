/** Starts a container's program: environment, program, mounts, process. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../../objects.ts'
import { containerEnvironment } from '../env/environment.ts'
import type { Runner } from '../images.ts'
import type { ContainerLog } from '../logs/container-log.ts'
import { ContainedProcess } from '../process/contained-process.ts'
import { planMounts } from '../process/mounts.ts'
import { containerMounts } from '../volumes/pod-volumes.ts'
import { type Program, programFor, StartError } from './program.ts'
import type { Sandbox } from './sandbox.ts'

/** Everything of a start that can fail for the user's reasons: nothing has been started yet. */
export interface Prepared {
  program: Program
  /** The container's own folder. */
  folder: string
  mounts: ReturnType<typeof containerMounts>
}

/** Throws ConfigError, StartError or VolumeError with the text for the container's status. */
export async function prepare(
  pod: KubeObject,
  container: any,
  runner: Runner,
  sandbox: Sandbox,
): Promise<Prepared> {
  const folder = join(sandbox.folder, 'containers', container.name)
  const env = containerEnvironment(pod, container, sandbox.sources())
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 })
  return {
    program: await programFor(runner, container, env, sandbox.programContext(folder)),
    folder,
    mounts: containerMounts(pod, container, join(sandbox.folder, 'volumes'), env),
  }
}

/** Starts the prepared program with its output in `log`. */
export function launch(
  pod: KubeObject,
  container: any,
  { program, folder, mounts }: Prepared,
  sandbox: Sandbox,
  log: ContainerLog,
): ContainedProcess {
  const { host, hostsFile } = sandbox
  const isolated = host.tier !== 'groups'
  const hosts = { source: hostsFile, target: '/etc/hosts', readOnly: false }
  const plan = isolated
    ? planMounts([hosts, ...mounts], join(folder, '.mounts'))
    : { mounts: [], root: undefined }
  const child = new ContainedProcess(
    host.tier,
    {
      supervisorPid: process.pid,
      hostname: pod.spec.hostname ?? pod.metadata.name,
      mounts: plan.mounts,
      root: plan.root,
      cwd: isFolder(container.workingDir) ? container.workingDir : folder,
      argv: program.argv,
    },
    program.env,
    host.guardian,
  )
  child.output((stream, chunk) => log.write(stream, chunk))
  return child
}

/** Resolves once the program runs. Throws StartError when its container could not be set up. */
export async function launched(child: ContainedProcess): Promise<void> {
  if (await child.ready) return
  await child.exited
  throw new StartError(`the container could not be set up: ${child.toolErrors}`)
}

function isFolder(path: string | undefined): boolean {
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
