/** Checks of a pod's volumes. */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, required } from './field-errors.ts'
import { repeatedErrors } from './metadata.ts'
import { dns1123Label } from './names.ts'

/** The field each source cannot be without. */
const NEEDED: Record<string, string> = {
  secret: 'secretName',
  configMap: 'name',
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  nfs: 'server',
  csi: 'driver',
}

export function volumesErrors(spec: Loose, path: string): FieldError[] {
  const volumes = items(spec, 'volumes')
  const at = child(path, 'volumes')
  const errors = volumes.flatMap((volume, position) => volumeErrors(volume, index(at, position)))
  return [...errors, ...repeatedErrors(volumes, 'name', at)]
}

function volumeErrors(volume: Loose, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!volume.name) errors.push(required(child(path, 'name')))
  else
    errors.push(
      ...dns1123Label(volume.name).map((problem) => invalid(child(path, 'name'), volume.name, problem)),
    )
  const sources = Object.keys(volume).filter((name) => name !== 'name' && struct(volume, name))
  for (const extra of sources.slice(1)) {
    errors.push(forbidden(child(path, extra), 'may not specify more than 1 volume type'))
  }
  const [source] = sources
  const needed = source ? NEEDED[source] : undefined
  if (source && needed && !volume[source][needed]) errors.push(required(child(child(path, source), needed)))
  for (const list of ['secret', 'configMap', 'downwardAPI']) {
    errors.push(...itemErrors(struct(volume, list), child(path, list)))
  }
  return errors
}

function itemErrors(source: Loose | undefined, path: string): FieldError[] {
  return items(source, 'items').flatMap((item, position) => {
    const at = index(child(path, 'items'), position)
    const errors: FieldError[] = []
    if (!item.path) errors.push(required(child(at, 'path')))
    else if (item.path.startsWith('/'))
      errors.push(invalid(child(at, 'path'), item.path, 'must be a relative path'))
    else if (item.path.split('/').includes('..'))
      errors.push(invalid(child(at, 'path'), item.path, "must not contain '..'"))
    if (!item.key && !item.fieldRef && !item.resourceFieldRef) errors.push(required(child(at, 'key')))
    return errors
  })
}
