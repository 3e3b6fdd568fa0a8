/**
 * Volumes of the folders that the node's image declares, with a name and our labels. Those that an engine makes by itself
 * have neither: one that is killed while its disk is full forgets whose they are, and nobody could remove them.
 */
import type { Engine } from '../../lib/docker/engine.ts'
import { orMissing } from '../../lib/docker/images.ts'
import { ensureVolume } from './containers.ts'
import { containerName, engineLabels } from './names.ts'

/** A volume, and where the node has it. */
export interface NodeVolume {
  name: string
  path: string
}

/** New and empty ones for a node that is to be made: what a half made one wrote would stand against its start. */
export async function freshNodeVolumes(
  engine: Engine,
  environment: string,
  image: string,
): Promise<NodeVolume[]> {
  const { Config } = await engine.getImage(image).inspect()
  const declared = Object.keys((Config.Volumes as Record<string, unknown> | null) ?? {}).sort()
  const volumes = declared.map((path) => ({ name: volumeName(environment, path), path }))
  for (const { name } of volumes) {
    const labels = engineLabels(environment)
    // Before it is removed: somebody else's is a conflict.
    await ensureVolume(engine, name, labels)
    await orMissing(() => engine.getVolume(name).remove())
    await ensureVolume(engine, name, labels)
  }
  return volumes
}

function volumeName(environment: string, path: string): string {
  return containerName(environment, `node${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`)
}
