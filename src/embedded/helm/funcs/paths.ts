/** Path functions: slash-separated, as both of Sprig's sets are on Linux. */
import { posix } from 'node:path'
import { type FuncTable, func } from '../template/func.ts'

/** path.Clean. */
function clean(path: string): string {
  const normal = posix.normalize(path || '.')
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

function base(path: string): string {
  if (path === '') return '.'
  return path.replace(/\/+$/, '').split('/').pop() || '/'
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1))
}

/** From the last dot of the last element. */
function ext(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? ''
}

const table = {
  base: func('string', base),
  dir: func('string', dir),
  clean: func('string', clean),
  ext: func('string', ext),
  isAbs: func('string', (path: string) => path.startsWith('/')),
}

export const paths: FuncTable = {
  ...table,
  osBase: table.base,
  osDir: table.dir,
  osClean: table.clean,
  osExt: table.ext,
  osIsAbs: table.isAbs,
}
