/** A directory source: plain YAML and JSON files. */
import { glob, readFile } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { DirectorySource } from '../types.ts'

/** The objects of the folder's files, in the files' order. Throws with the file's name when one cannot be parsed. */
export async function readDirectory(folder: string, directory: DirectorySource = {}): Promise<unknown[]> {
  const files: string[] = []
  for await (const path of glob(directory.recurse ? '**/*.{yaml,yml,json}' : '*.{yaml,yml,json}', {
    cwd: folder,
  })) {
    if (isWanted(path, directory)) files.push(path)
  }
  const objects: unknown[] = []
  for (const file of files.sort())
    objects.push(...parseFile(file, await readFile(join(folder, file), 'utf8')))
  return objects
}

function isWanted(path: string, { include, exclude }: DirectorySource): boolean {
  if (include && !matchesGlob(path, include)) return false
  return !(exclude && matchesGlob(path, exclude))
}

function parseFile(file: string, text: string): unknown[] {
  const documents = parseAllDocuments(text, { merge: true, version: '1.1' })
  if (!Array.isArray(documents)) return []
  return documents.map((document) => {
    const [error] = document.errors
    if (error) throw new Error(`Failed to unmarshal "${file}": ${error.message}`)
    return document.toJS()
  })
}
