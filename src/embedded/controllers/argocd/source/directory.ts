/** A directory source: plain YAML and JSON files. */
import { glob, readFile } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { type Document, parseAllDocuments } from 'yaml'
import { isRecord } from '../../../store/json.ts'
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

/** Documents up to the first that is no object. A file that was never meant as a manifest is left out. */
function parseFile(file: string, text: string): unknown[] {
  const documents = parseAllDocuments(text, { merge: true, version: '1.1' })
  if (!Array.isArray(documents)) return []
  const objects: unknown[] = []
  for (const document of documents) {
    const problem = problemOf(document)
    if (problem === undefined) objects.push(document.toJS())
    else if (objects.length > 0 || looksLikeManifest(text) || file.endsWith('.json')) {
      throw new Error(`Failed to unmarshal "${file}": failed to unmarshal manifest: ${problem}`)
    } else return []
  }
  return objects
}

function problemOf(document: Document.Parsed): string | undefined {
  const [error] = document.errors
  if (error) return error.message
  const value: unknown = document.toJS()
  if (value === null || (isRecord(value) && value.kind)) return undefined
  return `Object 'Kind' is missing in '${JSON.stringify(value).slice(0, 120)}'`
}

function looksLikeManifest(text: string): boolean {
  return ['apiVersion:', 'kind:', 'metadata:'].every((word) => text.includes(word))
}
