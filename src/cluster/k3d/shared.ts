/** Whether the engine has this machine's folders, and as whose: one in a virtual machine has those that are shared with it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { extract } from 'tar-stream'
import type { Engine, EngineInfo } from '../../lib/docker/engine.ts'
import { engineWords, finished, isMissing, orMissing } from '../../lib/docker/images.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { ensureDir } from '../../lib/paths.ts'
import { ending } from '../../lib/tar.ts'
import { containerName, engineLabels } from './names.ts'

const TARGET = '/shared'
const MARK = 'mark'

/**
 * The user id that this user's files beside the state folder have in containers; undefined where the engine does not
 * tell. Throws PREFLIGHT where the engine does not have that folder, or another of its name. To find out, a container is
 * made that mounts it, of an image without a file: nothing is pulled, nothing starts, and both are taken away again.
 */
export async function ownerInEngine(
  { engine, info }: { engine: Engine; info: EngineInfo },
  environment: string,
  stateDir: string,
): Promise<number | undefined> {
  const folder = await ensureDir(dirname(stateDir))
  // One that was not there before: a virtual machine may well have a folder of its own at the same path.
  const fresh = await mkdtemp(prefixOf(stateDir))
  await writeFile(join(fresh, MARK), environment)
  const name = containerName(environment, 'probe')
  await using made = new AsyncDisposableStack()
  made.defer(() => rm(fresh, { recursive: true, force: true }))
  const image = await emptyImage(engine, environment)
  made.defer(() => orMissing(() => engine.getImage(image).remove({ force: true, noprune: true })))
  const remove = () => orMissing(() => engine.getContainer(name).remove({ force: true, v: true }))
  made.defer(remove)
  await remove()
  try {
    await engine.createContainer({
      name,
      Image: image,
      Cmd: ['none'],
      Labels: engineLabels(environment),
      HostConfig: { Mounts: [{ Type: 'bind', Source: fresh, Target: TARGET, ReadOnly: true }] },
    })
    const owner = await ownerOf(engine, name)
    // Podman writes its own root into archives, whoever owns the file.
    return info.product === 'Podman' ? undefined : owner
  } catch (thrown) {
    if (!saysMissing(thrown)) throw thrown
    const words = engineWords(thrown).replaceAll(fresh, folder)
    throw new DevenvError(
      'PREFLIGHT',
      `${info.product} does not see ${folder}, where the environment’s repositories will be: ${words}`,
      {
        cause: thrown,
        fix: `Share that folder with ${info.product} in its settings, or point DEVENV_HOME at a folder that is, as your home usually is.`,
      },
    )
  }
}

/** Takes away what a look that was killed has left beside the state folder. */
export async function removeLooks(stateDir: string): Promise<void> {
  const prefix = basename(prefixOf(stateDir))
  const names = await readdir(dirname(stateDir)).catch(() => [])
  for (const name of names.filter((one) => one.startsWith(prefix)))
    await rm(join(dirname(stateDir), name), { recursive: true, force: true })
}

function prefixOf(stateDir: string): string {
  return `${stateDir}.shared-`
}

/** Made from an archive that has nothing in it; answers its id. */
async function emptyImage(engine: Engine, environment: string): Promise<string> {
  const labels = Object.entries(engineLabels(environment)).map(([key, value]) => `${key}=${value}`)
  const options = { changes: `LABEL ${labels.join(' ')}` }
  const stream = await engine.importImage(ending() as never, options)
  let last = ''
  await finished(engine, stream, (line) => {
    last = line
  })
  return last
}

/** Of the mark, by the archive that the engine makes of it. */
async function ownerOf(engine: Engine, container: string): Promise<number | undefined> {
  const path = `${TARGET}/${MARK}`
  const archive = await engine
    .getContainer(container)
    .getArchive({ path })
    .catch((thrown) => {
      // An engine that has no such answer for a container that never ran may well have the folder.
      if (saysMissing(thrown)) throw thrown
    })
  for await (const entry of archive?.pipe(extract()) ?? []) {
    entry.resume()
    if (basename(entry.header.name) === MARK) return entry.header.uid
  }
  return undefined
}

/** Podman looks for the folder when the archive is asked for, the others when the container is made. */
function saysMissing(thrown: unknown): boolean {
  return (
    isMissing(thrown) ||
    /bind source path does not exist|no such file or directory|mounts? denied|not shared/i.test(
      messageOf(thrown),
    )
  )
}
