/** Where bind mounts land when the host has no such path: prepared folders stand in for the parents. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Mount } from './command.ts'

export interface MountPlan {
  /** A root folder of the container's own and the mounts that fill it, where `/` lacks a mount point. */
  root: { folder: string; mounts: Mount[] } | undefined
  /** To be made inside the root, in order. */
  mounts: Mount[]
}

/**
 * Plans mounts so that every target exists inside the container and nothing is created on the host: a parent
 * that lacks a mount point is shadowed by a folder of links to the original, `/` by a folder of bind mounts.
 * Writes only below `scratch`. Kept entries cost two mounts per shadowed parent.
 */
export function planMounts(wanted: Mount[], scratch: string): MountPlan {
  const missing = wanted.filter((mount) => !exists(mount.target))
  const root = missing.some((mount) => existingParent(mount.target) === '/')
    ? prepareRoot(join(scratch, 'root'))
    : undefined
  const shadows = new Map<string, string>()
  const mounts: Mount[] = []
  for (const mount of wanted) {
    const parent = existingParent(mount.target)
    const isFile = statSync(mount.source).isFile()
    if (exists(mount.target)) continue
    if (parent === '/') {
      makePoint(join(root!.folder, mount.target), isFile)
      continue
    }
    let folder = shadows.get(parent)
    if (!folder) {
      folder = join(scratch, `shadow-${shadows.size}`)
      const original = join(scratch, `original-${shadows.size}`)
      mkdirSync(original, { recursive: true })
      linkEntries(parent, folder, original)
      shadows.set(parent, folder)
      mounts.push({ source: parent, target: original, readOnly: false })
      mounts.push({ source: folder, target: parent, readOnly: false })
    }
    makePoint(join(folder, relative(parent, resolved(mount.target))), isFile)
  }
  return { root, mounts: [...mounts, ...wanted] }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** The nearest folder above a missing path that exists, with links resolved. */
function existingParent(path: string): string {
  let at = dirname(path)
  while (!exists(at)) at = dirname(at)
  return realpathSync(at)
}

/** The path with the links of its existing part resolved. */
function resolved(path: string): string {
  let at = dirname(path)
  while (!exists(at)) at = dirname(at)
  return join(realpathSync(at), relative(at, path))
}

function makePoint(path: string, isFile: boolean): void {
  if (exists(path)) return
  mkdirSync(isFile ? dirname(path) : path, { recursive: true })
  if (isFile) writeFileSync(path, '')
}

/** Fills `folder` with links to everything in `parent` by way of `original`; links themselves are copied. */
function linkEntries(parent: string, folder: string, original: string): void {
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const link = entry.isSymbolicLink() ? readlinkSync(join(parent, entry.name)) : join(original, entry.name)
    if (!lstatSync(join(folder, entry.name), { throwIfNoEntry: false }))
      symlinkSync(link, join(folder, entry.name))
  }
}

/** A root folder with everything of `/` bound into it. */
function prepareRoot(folder: string): { folder: string; mounts: Mount[] } {
  mkdirSync(folder, { recursive: true })
  const mounts: Mount[] = []
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const source = join('/', entry.name)
    const target = join(folder, entry.name)
    if (entry.isSymbolicLink()) {
      if (!lstatSync(target, { throwIfNoEntry: false })) symlinkSync(readlinkSync(source), target)
    } else if (entry.isDirectory() || entry.isFile()) {
      makePoint(target, entry.isFile())
      mounts.push({ source, target, readOnly: false })
    }
  }
  return { folder, mounts }
}
