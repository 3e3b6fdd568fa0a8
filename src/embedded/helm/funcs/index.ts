/** Every function that a chart's templates can call, but for include and tpl, which the renderer binds. */
import { builtins } from '../template/builtins.ts'
import type { FuncTable } from '../template/func.ts'
import { crypto } from './crypto.ts'
import { dates } from './dates.ts'
import { defaults } from './defaults.ts'
import { dicts } from './dicts.ts'
import { encoding } from './encoding.ts'
import { helmFunctions, type Lookup } from './helm.ts'
import { lists } from './lists.ts'
import { math } from './math.ts'
import { paths } from './paths.ts'
import { regex } from './regex.ts'
import { semver } from './semver.ts'
import { strings } from './strings.ts'
import { url } from './url.ts'

export type { Lookup } from './helm.ts'

/** Later tables override earlier ones, as Helm's override Sprig's and Sprig's override Go's. */
export function allFunctions(lookup: Lookup | undefined): FuncTable {
  return {
    ...builtins,
    ...strings,
    ...lists,
    ...dicts,
    ...math,
    ...defaults,
    ...encoding,
    ...regex,
    ...semver,
    ...paths,
    ...url,
    ...dates,
    ...crypto,
    ...helmFunctions(lookup),
  }
}
