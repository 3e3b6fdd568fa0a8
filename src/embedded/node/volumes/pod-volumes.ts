/** A pod's volumes as folders below its own folder. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../../objects.ts'
import type { EnvironmentSources } from '../env/environment.ts'
import { expand } from '../env/expand.ts'
import type { Mount } from '../process/command.ts'
import { writeVolume } from './atomic-writer.ts'
import { type TokenSource, VolumeError, volumeFiles } from './content.ts'

/**
 * Creates or updates every volume of the pod below `folder`. Throws VolumeError with the text of the
 * FailedMount event for the first that cannot be set up.
 */
export function setUpVolumes(
  pod: KubeObject,
  folder: string,
  sources: EnvironmentSources,
  tokens: TokenSource,
): void {
  for (const volume of pod.spec.volumes ?? []) {
    try {
      const files = volumeFiles(pod, volume, sources, tokens)
      if (files) writeVolume(volumePath(volume, folder), files)
      else setUpFolder(volume, volumePath(volume, folder))
    } catch (thrown) {
      if (!(thrown instanceof VolumeError)) throw thrown
      throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${thrown.message}`)
    }
  }
}

function setUpFolder(volume: any, path: string): void {
  if (!volume.hostPath) {
    mkdirSync(path, { recursive: true })
    return
  }
  if (volume.hostPath.type === 'DirectoryOrCreate') mkdirSync(path, { recursive: true })
  if (!statSync(path, { throwIfNoEntry: false }))
    throw new VolumeError(`hostPath type check failed: ${path} is not a directory`)
}

function volumePath(volume: any, folder: string): string {
  return volume.hostPath ? volume.hostPath.path : join(folder, volume.name)
}

/** The bind mounts of one container. `env` serves subPathExpr. */
export function containerMounts(
  pod: KubeObject,
  container: any,
  folder: string,
  env: Record<string, string>,
): Mount[] {
  return (container.volumeMounts ?? []).map((mount: any) => {
    const volume = pod.spec.volumes?.find((candidate: any) => candidate.name === mount.name)
    if (!volume) throw new VolumeError(`volume "${mount.name}" is not declared`)
    const subPath = mount.subPathExpr ? expand(mount.subPathExpr, (name) => env[name]) : mount.subPath
    const source = subPath ? join(volumePath(volume, folder), subPath) : volumePath(volume, folder)
    if (subPath && !statSync(source, { throwIfNoEntry: false })) mkdirSync(source, { recursive: true })
    return { source, target: mount.mountPath, readOnly: mount.readOnly === true }
  })
}
