/** Loads a chart from a folder or a packaged archive, with the charts inside it. */
import { existsSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { DevenvError } from '../../../lib/errors.ts'
import { compareStrings } from '../go/value.ts'
import { readArchive } from './archive.ts'
import { isCompatible, meets } from './dependencies.ts'
import { chartError } from './error.ts'
import { type Ignores, parseIgnore } from './ignore.ts'
import { readDependencies, readMetadata, validateMetadata } from './metadata.ts'
import type { Chart, ChartFile } from './types.ts'
import { parseValues } from './values.ts'

/**
 * The chart at this path: a folder (its .helmignore applied) or a .tgz. A dependency with a file:// repository that
 * is not under charts/ is loaded from there. Throws a DevenvError CHART_INVALID.
 */
export async function loadChart(path: string): Promise<Chart> {
  const { files, isFolder } = await readChart(path).catch((error) => {
    if (error instanceof DevenvError) throw error
    throw chartError(`cannot load chart: ${(error as Error).message}`, error)
  })
  const chart = assemble(files)
  // An archive was packed with its dependencies.
  if (isFolder) await addLocalDependencies(chart, path)
  return chart
}

async function readChart(path: string): Promise<{ files: ChartFile[]; isFolder: boolean }> {
  const isFolder = (await stat(path)).isDirectory()
  return { files: isFolder ? readFolder(path) : readArchive(await readFile(path)), isFolder }
}

/** Reads in one go: a chart is many small files, and handing each to the thread pool takes longer than reading it. */
function readFolder(root: string): ChartFile[] {
  const ignoreFile = join(root, '.helmignore')
  const rules = existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : ''
  const files: ChartFile[] = []
  walk(root, '', parseIgnore(rules), files)
  return files
}

function walk(root: string, folder: string, ignores: Ignores, files: ChartFile[]): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => compareStrings(a.name, b.name))) {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    const full = join(root, path)
    const info = entry.isSymbolicLink() ? followed(full) : entry
    if (ignores(path, info.isDirectory())) continue
    if (info.isDirectory()) walk(root, path, ignores, files)
    else if (info.isFile()) files.push({ name: path, data: readFileSync(full) })
    else throw chartError(`cannot load irregular file ${full} as it has file mode type bits set`)
  }
}

/** Symbolic links count as what they point to. */
function followed(link: string): Stats {
  try {
    return statSync(link)
  } catch (error) {
    throw chartError(`error evaluating symlink ${resolve(link)}: ${whatIsMissing(link)}`, error)
  }
}

/** Of a link into nothing: the first part of its target that does not exist, as Helm names it. */
function whatIsMissing(link: string): string {
  const target = resolve(dirname(link), readlinkSync(link))
  const parts = target.split(sep)
  for (let count = 2; count < parts.length; count++) {
    const parent = parts.slice(0, count).join(sep)
    if (!existsSync(parent)) return `lstat ${parent}: no such file or directory`
  }
  return `lstat ${target}: no such file or directory`
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

function textOf(file: ChartFile): string {
  const marked = BYTE_ORDER_MARK.every((byte, i) => file.data[i] === byte)
  return Buffer.from(marked ? file.data.subarray(3) : file.data).toString('utf8')
}

/** Builds a chart from its files, and its subcharts from those under charts/. */
function assemble(files: ChartFile[]): Chart {
  const source = files.find((file) => file.name === 'Chart.yaml')
  if (!source) throw chartError('Chart.yaml file is missing')
  const chart: Chart = {
    metadata: readMetadata(textOf(source)),
    values: new Map(),
    templates: [],
    files: [],
    dependencies: [],
  }
  const inner = new Map<string, ChartFile[]>()
  for (const file of files) place(chart, file, inner)
  validateMetadata(chart.metadata)
  for (const name of [...inner.keys()].sort(compareStrings)) {
    const subchart = assembleSubchart(chart, name, inner.get(name) ?? [])
    if (subchart) chart.dependencies.push(subchart)
  }
  return chart
}

function place(chart: Chart, file: ChartFile, inner: Map<string, ChartFile[]>): void {
  const legacy = chart.metadata.apiVersion === 'v1'
  switch (file.name) {
    case 'Chart.yaml':
    case 'Chart.lock':
      return
    case 'values.yaml':
      chart.values = parseValues(textOf(file), 'cannot load values.yaml')
      return
    case 'values.schema.json':
      chart.schema = textOf(file)
      return
    case 'requirements.yaml':
      chart.metadata.dependencies = readDependencies(textOf(file), file.name)
      if (legacy) chart.files.push(file)
      return
    case 'requirements.lock':
      if (legacy) chart.files.push(file)
      return
  }
  if (file.name.startsWith('templates/')) chart.templates.push(file)
  else if (file.name.startsWith('charts/') && !file.name.endsWith('.prov')) {
    const name = file.name.slice('charts/'.length)
    const top = name.split('/')[0] ?? ''
    inner.set(top, [...(inner.get(top) ?? []), { name, data: file.data }])
  } else chart.files.push(file)
}

function assembleSubchart(parent: Chart, name: string, files: ChartFile[]): Chart | undefined {
  if (/^[_.]/.test(name)) return undefined
  try {
    if (name.endsWith('.tgz')) return assemble(readArchive(files[0]?.data ?? new Uint8Array()))
    // A file directly in charts/ that is no archive belongs to no chart.
    const own = files.filter((file) => file.name.includes('/'))
    return assemble(own.map((file) => ({ ...file, name: file.name.slice(name.length + 1) })))
  } catch (error) {
    throw chartError(
      `error unpacking subchart ${name} in ${parent.metadata.name}: ${(error as Error).message}`,
      error,
    )
  }
}

/** Does what `helm dependency build` does for file:// repositories, without archives. */
async function addLocalDependencies(chart: Chart, path: string): Promise<void> {
  const vendored = new Set(chart.dependencies.map((dependency) => dependency.metadata.name))
  const refused: string[] = []
  for (const entry of chart.metadata.dependencies) {
    const { name, version, repository } = entry
    if (!repository.startsWith('file://') || vendored.has(name)) continue
    if (chart.dependencies.some((dependency) => meets(dependency, entry))) continue
    const location = repository.slice('file://'.length)
    const folder = resolve(path, location)
    if (!existsSync(folder)) throw chartError(`dependency ${name}: directory ${location} not found`)
    const dependency = await loadChart(folder)
    if (isCompatible(version, dependency.metadata.version)) chart.dependencies.push(dependency)
    else refused.push(`"${name}" (repository "${repository}", version "${version}")`)
  }
  if (refused.length === 0) return
  throw chartError(
    `can't get a valid version for ${refused.length} subchart(s): ${refused.join(', ')}. ` +
      'Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml',
  )
}
