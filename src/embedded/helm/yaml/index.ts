/** YAML as Helm reads and writes it. */
export { toYaml } from './emit.ts'
export { YamlError } from './errors.ts'
export { parseYaml } from './parse.ts'
