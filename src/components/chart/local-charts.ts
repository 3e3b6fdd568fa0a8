/** The folders that a chart is made of: its own, and those that it names by `file://`. */
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'

export interface LocalCharts {
  /** The deepest folder that holds all of them. */
  root: string
  /** The chart itself, below the root; empty when it is the root. */
  path: string
  /** All of them, below the root. */
  folders: string[]
}

/** Follows file:// dependencies, and theirs. A Chart.yaml that cannot be read is the renderer's to complain about. */
export async function localCharts(chart: string): Promise<LocalCharts> {
  const found = new Set<string>()
  await follow(resolve(chart), found)
  const all = [...found]
  const root = all.reduce(commonFolder)
  return {
    root,
    path: relative(root, resolve(chart)),
    folders: all
      .filter((one) => !all.some((other) => other !== one && one.startsWith(other + sep)))
      .map((one) => relative(root, one) || '.'),
  }
}

async function follow(folder: string, found: Set<string>): Promise<void> {
  if (found.has(folder)) return
  found.add(folder)
  const text = await readFile(join(folder, 'Chart.yaml'), 'utf8').catch(() => '')
  for (const { repository } of dependenciesOf(text)) {
    if (!repository?.startsWith('file://')) continue
    await follow(resolve(folder, repository.slice('file://'.length)), found)
  }
}

function dependenciesOf(text: string): { repository?: string }[] {
  try {
    return parse(text)?.dependencies ?? []
  } catch {
    return []
  }
}

function commonFolder(a: string, b: string): string {
  let folder = a
  while (b !== folder && !b.startsWith(folder.endsWith(sep) ? folder : folder + sep)) folder = dirname(folder)
  return folder
}
