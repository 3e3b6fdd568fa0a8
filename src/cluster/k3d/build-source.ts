/** What an image of workloads/ is made from, as one hash: an image with the same need not be built again. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

export interface Build {
  /** The image as manifests name it. */
  image: string
  /** Folders and files as devenv/builds.yaml has them. */
  context: string
  dockerfile: string
  args: Record<string, string>
}

/** On the images that are built. */
export const SOURCE_LABEL = 'devenv/source'

/** Hash of the build's folder, its Dockerfile and its arguments. */
export async function sourceOf({ context, dockerfile, args }: Build, checkout: string): Promise<string> {
  const folder = join(checkout, context)
  const hash = createHash('sha256').update(JSON.stringify([dockerfile, Object.entries(args).sort()]))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(`\0${relative(folder, file)}\0`).update(await readFile(file))
  return hash.digest('hex').slice(0, 32)
}

/** The images that a Dockerfile begins with. */
export async function basesOf({ context, dockerfile }: Build, checkout: string): Promise<string[]> {
  const text = await readFile(join(checkout, context, dockerfile), 'utf8')
  return [...text.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)/gim)].map(([, image = '']) => image)
}
