/** The pinned k3d for this machine, from the cache or downloaded. */
import { chmod } from 'node:fs/promises'
import type { OperatorsLock } from '../../config/operators.ts'
import { type FetchOptions, fetchArtifact } from '../../lib/download/artifact.ts'
import { DevenvError } from '../../lib/errors.ts'

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** `linux-amd64`, as the lock file names platforms. */
export function platformName(platform: string, architecture: string): string {
  return `${platform}-${ARCHITECTURES[architecture] ?? architecture}`
}

/** Path of an executable k3d. Throws PREFLIGHT for a platform without one, and what fetchArtifact throws. */
export async function ensureK3d(
  { version, platforms }: OperatorsLock['tools']['k3d'],
  options: FetchOptions,
  platform = platformName(process.platform, process.arch),
): Promise<string> {
  const file = platforms[platform]
  if (!file) {
    throw new DevenvError(
      'PREFLIGHT',
      `there is no k3d for ${platform}; there are ${Object.keys(platforms).join(', ')}`,
      {
        fix: 'npm run up -- --cluster embedded',
      },
    )
  }
  const path = await fetchArtifact({ title: `k3d ${version}`, ...file }, options)
  await chmod(path, 0o700)
  return path
}
