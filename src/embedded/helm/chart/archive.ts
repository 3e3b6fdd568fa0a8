/** Reads the files of a packaged chart (.tgz). */
import { gunzipSync } from 'node:zlib'
import { chartError } from './error.ts'
import type { ChartFile } from './types.ts'

const BLOCK = 512
/** Helm refuses bigger archives too: a small one can hold an enormous chart. */
const MAX_SIZE = 100 * 1024 * 1024

/** The chart's files, their names relative to its one top folder. */
export function readArchive(archive: Uint8Array): ChartFile[] {
  const files: ChartFile[] = []
  for (const entry of entries(unzip(archive))) {
    const parts = entry.name.replaceAll('\\', '/').split('/')
    const name = parts.slice(1).join('/')
    if (parts[0] === 'Chart.yaml') throw chartError('chart yaml not in base directory')
    if (name === '' || name === '.')
      throw chartError(`chart illegally contains content outside the base directory`)
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw chartError('chart illegally references parent directory')
    }
    files.push({ name, data: entry.data })
  }
  if (files.length === 0) throw chartError('no files in chart archive')
  return files
}

function unzip(archive: Uint8Array): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_SIZE })
  } catch (error) {
    throw chartError(`file does not appear to be a gzipped archive: ${(error as Error).message}`, error)
  }
}

function* entries(tar: Uint8Array): Generator<ChartFile> {
  const text = (from: number, length: number) => {
    const field = tar.subarray(from, from + length)
    const end = field.indexOf(0)
    return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8')
  }
  let longName: string | undefined
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8)
    const type = String.fromCharCode(tar[at + 156] ?? 0)
    const data = tar.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    if (type === 'L') longName = Buffer.from(data).toString('utf8').replace(/\0+$/, '')
    else if (type === 'x') longName = paxPath(Buffer.from(data).toString('utf8')) ?? longName
    else if (type !== 'g') {
      const header = at - BLOCK - Math.ceil(size / BLOCK) * BLOCK
      const prefix = text(header + 257, 5) === 'ustar' ? text(header + 345, 155) : ''
      const name = longName ?? (prefix ? `${prefix}/` : '') + text(header, 100)
      longName = undefined
      if (type === '0' || type === '\0') yield { name, data }
    }
  }
}

/** The path record of a pax header: lines of `<length> path=<value>`. */
function paxPath(text: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1]
}
