/** .Files: a chart's files that are no templates, as templates read them. */
import { posix } from 'node:path'
import { compileGlob } from './chart/glob.ts'
import type { ChartFile } from './chart/types.ts'
import { yamlText } from './funcs/helm.ts'
import { fromBytes } from './go/bytes.ts'
import { type GoMap, typed, withMethods } from './go/value.ts'
import { func } from './template/func.ts'

export function filesValue(files: ChartFile[]): GoMap {
  const map: Map<string, Uint8Array> = new Map(files.map(({ name, data }) => [name, data]))
  const read = (name: string) => map.get(name) ?? new Uint8Array()
  /** By last path element; of two alike, the one that sorts last stays. */
  const byBase = (encode: (data: Uint8Array) => string) =>
    yamlText(new Map([...map].map(([name, data]) => [posix.basename(name), encode(data)])))
  return withMethods(map as GoMap, 'engine.files', {
    Get: func('string', (name) => fromBytes(read(name))),
    GetBytes: func('string', read),
    Glob: func('string', (pattern) => {
      const matches = compileGlob(pattern)
      return filesValue(files.filter(({ name }) => matches.test(name)))
    }),
    AsConfig: func('', () => byBase(fromBytes)),
    AsSecrets: func('', () => byBase((data) => Buffer.from(data).toString('base64'))),
    Lines: func('string', (name) => {
      const text = fromBytes(read(name)).replace(/\n$/, '')
      return typed(map.has(name) ? text.split('\n') : [], '[]string')
    }),
  })
}
