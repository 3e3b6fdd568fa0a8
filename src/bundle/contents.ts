/** What an environment on k3d takes from outside, by name: files, images, and what is built here. Pure. */
import type { OperatorsLock } from '../config/operators.ts'
import type { Artifact } from '../lib/download/artifact.ts'

export type Size = 'full' | 'lite'

/** The pinned files for a platform (`linux-amd64`): k3d, and the operators' manifests. */
export function pinnedFiles({ tools, operators }: OperatorsLock, size: Size, platform: string): Artifact[] {
  const k3d = tools.k3d.platforms[platform]
  return [
    ...(k3d ? [{ title: `k3d ${tools.k3d.version}`, ...k3d }] : []),
    ...operators.flatMap(({ title, version, manifests }) =>
      (manifests[size] ?? manifests.full).map((file) => ({ title: `${title} ${version}`, ...file })),
    ),
  ]
}

/** The images of containers beside the cluster, and of its node. */
export function engineImages({ images: { git: _, ...images } }: OperatorsLock): string[] {
  return [...new Set(Object.values(images))]
}

/** What tells one bundle from another, for people. */
export function versionsOf({ tools, images, operators }: OperatorsLock): Record<string, string> {
  const tag = (image: string) => image.replace(/@.*$/, '').split(':').at(-1) ?? ''
  return {
    k3d: tools.k3d.version,
    k3s: tag(images.k3s),
    Vault: tag(images.vault),
    Postgres: tag(images.postgres),
    ...Object.fromEntries(operators.map(({ title, version }) => [title, version])),
  }
}

/** `Argo CD v3.4.0 instead of v3.5.1`, for each that differs. */
export function differences(found: Record<string, string>, wanted: Record<string, string>): string[] {
  return Object.entries(wanted).flatMap(([name, version]) =>
    found[name] === version ? [] : [`${name} ${found[name] ?? '(none)'} instead of ${version}`],
  )
}
